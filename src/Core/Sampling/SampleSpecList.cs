using Atlas.Core.Decoding;

namespace Atlas.Core.Sampling;

/// <summary>
/// The tokens to be drawn from one forward as they are put together, for target and draft models alike. Grows to the largest batch seen, then
/// allocates nothing. Not thread-safe.
/// </summary>
public sealed class SampleSpecList
{
    private SampleSpec[] _specs = new SampleSpec[64];
    private int[] _pathTokens = new int[256];
    private int _pathLength;

    /// <summary>Tokens to draw.</summary>
    public int Count { get; private set; }

    /// <summary>The specs in the order they were added.</summary>
    public ReadOnlySpan<SampleSpec> Specs => _specs.AsSpan(0, Count);

    /// <summary>All of it, as an engine takes it; valid until the next change.</summary>
    public SampleBatch Batch => new(Specs, _pathTokens.AsSpan(0, _pathLength));

    /// <summary>Empties the list.</summary>
    public void Clear()
    {
        Count = 0;
        _pathLength = 0;
    }

    /// <summary>Asks for the token that follows <paramref name="path"/>, draft tokens behind the sequence's last token.</summary>
    /// <param name="sequence">Whose token is drawn.</param>
    /// <param name="row">Row of the plan whose logits are sampled.</param>
    /// <param name="path">Draft tokens from the first to that row's own; copied where penalties or a constraint read them.</param>
    public void Add(DecodeSequence sequence, int row, ReadOnlySpan<int> path)
    {
        if (Count == _specs.Length) Array.Resize(ref _specs, Count * 2);
        var options = sequence.Sampling.Options;
        long position = sequence.Length + path.Length;
        if (!options.HasPenalties && options.Constraint is null)
        {
            _specs[Count++] = new SampleSpec(row, sequence.Sampling, position) { BehindDraft = path.Length > 0 };
            return;
        }
        if (_pathLength + path.Length > _pathTokens.Length) Array.Resize(ref _pathTokens, (_pathLength + path.Length) * 2);
        path.CopyTo(_pathTokens.AsSpan(_pathLength));
        var mask = options.Constraint?.Mask(sequence, path);
        _specs[Count++] = new SampleSpec(row, sequence.Sampling, position, _pathLength, path.Length, mask) { BehindDraft = path.Length > 0 };
        _pathLength += path.Length;
    }
}
