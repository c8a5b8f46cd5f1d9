using Atlas.Core.Decoding;
using Atlas.Modeling.Engine;

namespace Atlas.Speculator.Adaptive;

/// <summary>States of a target that runs here, copied from the device row by row.</summary>
/// <param name="target">Where the last forward's rows are.</param>
/// <param name="width">Numbers of a state.</param>
internal sealed class TargetEmittedStates(ITargetRows target, int width) : IEmittedStates
{
    /// <inheritdoc/>
    public int Width => width;

    /// <inheritdoc/>
    public bool Knows(DecodeSequence sequence) => target.TryGetRows(sequence, out _);

    /// <inheritdoc/>
    public bool TryRead(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted, int index, Span<float> state)
    {
        if (!target.TryGetRows(sequence, out var rows)) return false;
        rows.Result.Hidden.Read(rows.RowOfEmitted(accepted, index), state);
        return true;
    }
}
