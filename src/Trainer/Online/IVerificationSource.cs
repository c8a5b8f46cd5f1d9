using Atlas.Core.Decoding;

namespace Atlas.Trainer.Online;

/// <summary>Where the states and probabilities of verified rows come from. Used on the decoding thread; allocates nothing in steady state.</summary>
internal interface IVerificationSource
{
    /// <summary>Whether something is known of the step that has just verified a sequence.</summary>
    bool Knows(DecodeSequence sequence);

    /// <summary>Fills in states and probabilities of a record that has taken its sequence's part.</summary>
    /// <param name="sequence">The sequence; its tokens already hold what was emitted.</param>
    /// <param name="accepted">Draft nodes that were accepted and emitted, in order.</param>
    /// <param name="record">To be filled.</param>
    void Fill(DecodeSequence sequence, ReadOnlySpan<int> accepted, VerificationRecord record);
}
