using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Conformance.Models;

/// <summary>Allows even tokens only, and behind an odd one, which only a draft can hold, nothing at all.</summary>
public sealed class DeadEndConstraint : ITokenConstraint
{
    private readonly TokenMask _even;
    private readonly TokenMask _nothing;

    public DeadEndConstraint(int vocabulary)
    {
        (_even, _nothing) = (new TokenMask(vocabulary), new TokenMask(vocabulary));
        for (int token = 0; token < vocabulary; token += 2) _even.Allow(token);
    }

    public TokenMask? Mask(DecodeSequence sequence, ReadOnlySpan<int> path)
    {
        foreach (int token in path)
            if (token % 2 != 0)
                return _nothing;
        return _even;
    }
}
