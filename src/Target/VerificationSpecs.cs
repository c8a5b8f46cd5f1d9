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
    private SampleSpec[] _specs = new SampleSpec[64];
    private SampledToken[] _results = new SampledToken[64];
    private int[] _pathTokens = new int[256];
    private int _pathLength;

    /// <summary>Tokens to draw.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        _sequences.Clear();
        Count = 0;
        _pathLength = 0;
    }

    /// <summary>Adds a sequence whose last token has row <paramref name="row"/> of the plan and whose draft nodes have the rows behind it.</summary>
    public void Add(DecodeSequence sequence, int row)
    {
        _sequences.Add((sequence, Count));
        var draft = sequence.Draft;
        if (Count + draft.Count + 1 > _specs.Length)
        {
            Array.Resize(ref _specs, (Count + draft.Count + 1) * 2);
            Array.Resize(ref _results, _specs.Length);
        }
        for (int node = DraftTree.Root; node < draft.Count; node++)
            _specs[Count++] = Spec(sequence, node, row + 1 + node);
    }

    /// <summary>Draws all tokens and hands each sequence its own.</summary>
    public void Draw(IForwardResult result)
    {
        result.Sample(new SampleBatch(_specs.AsSpan(0, Count), _pathTokens.AsSpan(0, _pathLength)), _results.AsSpan(0, Count));
        foreach (var (sequence, first) in _sequences)
            _results.AsSpan(first, sequence.Draft.Count + 1).CopyTo(sequence.Verified);
    }

    /// <summary>The specs of one sequence.</summary>
    public ReadOnlySpan<SampleSpec> Of(DecodeSequence sequence)
    {
        foreach (var (owner, first) in _sequences)
            if (ReferenceEquals(owner, sequence))
                return _specs.AsSpan(first, sequence.Draft.Count + 1);
        return default;
    }

    /// <summary>The draft tokens before a spec's position.</summary>
    public ReadOnlySpan<int> Path(in SampleSpec spec) => _pathTokens.AsSpan(spec.PathOffset, spec.PathLength);

    private SampleSpec Spec(DecodeSequence sequence, int node, int row)
    {
        var options = sequence.Sampling.Options;
        int depth = node < 0 ? 0 : sequence.Draft.Depths[node];
        long position = sequence.Length + depth;
        // The path costs a copy per node, and only penalties and constraints read it.
        if (!options.HasPenalties && options.Constraint is null) return new SampleSpec(row, sequence.Sampling, position);
        if (_pathLength + depth > _pathTokens.Length) Array.Resize(ref _pathTokens, (_pathLength + depth) * 2);
        var path = _pathTokens.AsSpan(_pathLength, depth);
        sequence.Draft.PathTokens(node, path);
        var spec = new SampleSpec(row, sequence.Sampling, position, _pathLength, depth, options.Constraint?.Mask(sequence, path));
        _pathLength += depth;
        return spec;
    }
}
