using Atlas.Core.Decoding;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// The text itself as the state of heads that see tokens alone (<see cref="TokenHeadConfig"/>): every sequence has one, whatever the target
/// computed last. Allocates nothing after construction.
/// </summary>
public sealed class TextStates : IDraftStates, IDisposable
{
    private readonly HostHiddenStates _states;
    private int _next;

    /// <summary>Room for as many states as a head has rows.</summary>
    /// <param name="heads">The heads.</param>
    public TextStates(IHeadFactory heads) => _states = new HostHiddenStates(heads.MaxRows, heads.StateWidth);

    /// <inheritdoc/>
    public bool TryGet(DecodeSequence sequence, out IHiddenStates states, out int row)
    {
        row = _next;
        _next = (_next + 1) % _states.Count;
        states = _states;
        Write(sequence.Tokens[..^1], _states.Writable(row));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _states.Dispose();

    /// <summary>Writes the state before the token that follows <paramref name="text"/>.</summary>
    /// <param name="text">The tokens so far, any number.</param>
    /// <param name="state">As many values as the heads' context has tokens.</param>
    public static void Write(ReadOnlySpan<int> text, Span<float> state)
    {
        int known = Math.Min(text.Length, state.Length), missing = state.Length - known;
        state[..missing].Fill(TokenHeadConfig.NoToken);
        text = text[^known..];
        for (int i = 0; i < known; i++) state[missing + i] = text[i];
    }
}
