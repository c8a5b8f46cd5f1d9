namespace Atlas.Core.Decoding;

/// <summary>
/// Hears what each step verified: the one way from the decode path to the trainer. Called on the decoding thread after the step's
/// bookkeeping; must return quickly and keep no span.
/// </summary>
public interface IVerificationObserver
{
    /// <summary>Called once per sequence and step.</summary>
    /// <param name="sequence">Its tokens already hold what was emitted; its draft is still the step's.</param>
    /// <param name="accepted">Draft nodes that were accepted and emitted, in order.</param>
    /// <param name="emitted">How many tokens the step emitted, recovered or bonus token included.</param>
    void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted);
}
