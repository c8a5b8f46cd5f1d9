using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

/// <summary>
/// A grammar that knows one kind of text only: from position to position one of two tokens that a script names. After anything else it knows
/// no continuation: every token is masked, and a draw there throws.
/// </summary>
internal sealed class ScriptConstraint(int vocabulary, Func<int, (int A, int B)> script) : ITokenConstraint
{
    private readonly TokenMask _nothing = new(vocabulary);
    private readonly Dictionary<int, TokenMask> _masks = [];

    public TokenMask? Mask(DecodeSequence sequence, ReadOnlySpan<int> path)
    {
        int output = sequence.Output.Length;
        for (int i = 0; i < output + path.Length; i++)
        {
            int token = i < output ? sequence.Output[i] : path[i - output];
            var (a, b) = script(i);
            if (token != a && token != b) return _nothing;
        }
        int next = output + path.Length;
        if (_masks.TryGetValue(next, out var mask)) return mask;
        var (first, second) = script(next);
        mask = new TokenMask(vocabulary);
        mask.Allow(first);
        mask.Allow(second);
        _masks.Add(next, mask);
        return mask;
    }
}
