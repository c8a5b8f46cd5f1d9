using Atlas.Core.Decoding;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>The target's states from which emitted tokens were drawn, for as long as a step is being observed. Used from the decoding thread.</summary>
public interface IEmittedStates
{
    /// <summary>Numbers of a state.</summary>
    int Width { get; }

    /// <summary>Reads the state that a token was drawn from; false where it is not known.</summary>
    /// <param name="sequence">Holds the tokens already.</param>
    /// <param name="accepted">Draft nodes that were accepted and emitted, in order.</param>
    /// <param name="emitted">Tokens that the step emitted.</param>
    /// <param name="index">Which of these.</param>
    /// <param name="state">Filled.</param>
    bool TryRead(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted, int index, Span<float> state);
}
