using Atlas.Core.Decoding;

namespace Atlas.Speculator.Adaptive;

/// <summary>
/// The states from which emitted tokens were drawn, for as long as a step is being observed: those of a target that runs here, those that another
/// server sends, or the text. Used from the decoding thread.
/// </summary>
public interface IEmittedStates
{
    /// <summary>Numbers of a state.</summary>
    int Width { get; }

    /// <summary>Whether the states of the step that is being observed are known for a sequence.</summary>
    bool Knows(DecodeSequence sequence);

    /// <summary>Reads the state that a token was drawn from; false where it is not known.</summary>
    /// <param name="sequence">Holds the tokens already.</param>
    /// <param name="accepted">Draft nodes that were accepted and emitted, in order.</param>
    /// <param name="emitted">Tokens that the step emitted.</param>
    /// <param name="index">Which of these.</param>
    /// <param name="state">Filled.</param>
    bool TryRead(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted, int index, Span<float> state);
}
