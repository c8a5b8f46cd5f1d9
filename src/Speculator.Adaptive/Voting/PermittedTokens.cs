using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Speculator.Adaptive.Voting;

/// <summary>
/// Which tokens a sequence can emit at a node of its draft: those of the vocabulary that its token mask, its biases and its constraint leave.
/// A draft token outside them could never be accepted, and a constraint may know no continuation of it at all, which the target's draw after
/// that node would trip over. Reused; allocates only where the deepest draft grows.
/// </summary>
internal sealed class PermittedTokens(int vocabularySize)
{
    private SamplingOptions _options = SamplingOptions.Greedy;
    private IReadOnlyList<int> _ends = [];
    private TokenMask? _mask;
    private int[] _path = new int[16];
    private int _depth;

    /// <summary>Takes up the options of a sequence.</summary>
    public void Begin(DecodeSequence sequence)
    {
        _options = sequence.Sampling.Options;
        _ends = sequence.Stop.EndTokens;
        if (_path.Length <= sequence.Draft.Capacity) _path = new int[sequence.Draft.Capacity + 1];
    }

    /// <summary>Turns to what may follow a draft node.</summary>
    public void At(DecodeSequence sequence, int node)
    {
        if (_options.Constraint is not { } constraint) return;
        _depth = sequence.Draft.PathTokens(node, _path);
        _mask = constraint.Mask(sequence, _path.AsSpan(0, _depth));
    }

    /// <summary>Whether a token may follow the node, and may itself be followed where a constraint has a say.</summary>
    public bool Allows(DecodeSequence sequence, int token)
    {
        if ((uint)token >= (uint)vocabularySize) return false;
        if (_options.AllowedTokens is { } allowed && !allowed.Allows(token)) return false;
        if (_options.LogitBias is { } bias && bias.TryGetValue(token, out float value) && float.IsNegativeInfinity(value)) return false;
        if (_options.Constraint is not { } constraint) return true;
        if (_mask is { } mask && !mask.Allows(token)) return false;
        _path[_depth] = token;
        return constraint.Mask(sequence, _path.AsSpan(0, _depth + 1)) is not { } next || next.Count > 0;
    }

    /// <summary>Whether a token ends the sequence.</summary>
    public bool Ends(int token)
    {
        for (int i = 0; i < _ends.Count; i++)
            if (_ends[i] == token)
                return true;
        return false;
    }
}
