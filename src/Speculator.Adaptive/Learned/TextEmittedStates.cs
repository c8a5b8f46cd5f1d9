using Atlas.Core.Decoding;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>The text before each emitted token as the state that it was drawn from, for heads that see tokens alone; it is always known.</summary>
/// <param name="width">Tokens of the text that such a head sees.</param>
public sealed class TextEmittedStates(int width) : IEmittedStates
{
    /// <inheritdoc/>
    public int Width => width;

    /// <inheritdoc/>
    public bool Knows(DecodeSequence sequence) => true;

    /// <inheritdoc/>
    public bool TryRead(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted, int index, Span<float> state)
    {
        TextStates.Write(sequence.Tokens[..(sequence.Length - emitted + index)], state);
        return true;
    }
}
