using Atlas.Core.Decoding;

namespace Atlas.Modeling.Engine;

/// <summary>
/// What the target's last forward left on the device, by sequence: the way hidden states reach the learned speculator, and top
/// probabilities the trainer, without a copy to the host. Used from the decoding thread.
/// </summary>
public interface ITargetRows
{
    /// <summary>
    /// The sequence's rows of the target's last forward; false where it took no part in it, was not verified by it, or has been released.
    /// </summary>
    bool TryGetRows(DecodeSequence sequence, out TargetRows rows);
}
