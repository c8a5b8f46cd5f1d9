using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Target;

/// <summary>
/// What is drawn from a verification forward: for each sequence the token after its last one and the token after every draft node, in the
/// order of <see cref="DecodeSequence.Verified"/>. Grows to the largest batch seen, then allocates nothing.
/// </summary>
internal sealed class VerificationSpecs
{
    private readonly List<(DecodeSequence Sequence, int First)> _sequences = [];
    private readonly SampleSpecList _specs = new();
    private int[] _path = new int[16];
    private SampledToken[] _results = new SampledToken[64];

    /// <summary>Tokens to draw.</summary>
    public int Count => _specs.Count;

    /// <summary>All that is drawn, with the draft tokens before each position.</summary>
    public SampleBatch Batch => _specs.Batch;

    public void Clear()
    {
        _sequences.Clear();
        _specs.Clear();
    }

    /// <summary>Adds a sequence whose last token has row <paramref name="row"/> of the plan and whose draft nodes have the rows behind it.</summary>
    public void Add(DecodeSequence sequence, int row)
    {
        if (_path.Length < sequence.Draft.Capacity) _path = new int[sequence.Draft.Capacity];
        _sequences.Add((sequence, _specs.Count));
        for (int node = DraftTree.Root; node < sequence.Draft.Count; node++)
            _specs.Add(sequence, row + 1 + node, _path.AsSpan(0, sequence.Draft.PathTokens(node, _path)));
    }

    /// <summary>Draws all tokens and hands each sequence its own.</summary>
    public void Draw(IForwardResult result)
    {
        if (_results.Length < Count) _results = new SampledToken[Count * 2];
        result.Sample(_specs.Batch, _results.AsSpan(0, Count));
        foreach (var (sequence, first) in _sequences)
            _results.AsSpan(first, sequence.Draft.Count + 1).CopyTo(sequence.Verified);
    }

    /// <summary>The specs of one sequence.</summary>
    public ReadOnlySpan<SampleSpec> Of(DecodeSequence sequence)
    {
        foreach (var (owner, first) in _sequences)
            if (ReferenceEquals(owner, sequence))
                return _specs.Specs.Slice(first, sequence.Draft.Count + 1);
        return default;
    }
}
