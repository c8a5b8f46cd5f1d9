using Atlas.Core.Decoding;
using Atlas.Modeling.Engine;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>The target's own hidden states, where its last forward left them; a sequence that took no part in that has none.</summary>
/// <param name="target">The target.</param>
public sealed class TargetStates(ITargetRows target) : IDraftStates
{
    /// <inheritdoc/>
    public bool TryGet(DecodeSequence sequence, out IHiddenStates states, out int row)
    {
        if (!target.TryGetRows(sequence, out var rows))
        {
            (states, row) = (null!, 0);
            return false;
        }
        (states, row) = (rows.Result.Hidden, rows.Last);
        return true;
    }
}
