using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Host.Tests.Speculation;

/// <summary>Allows even tokens only, and behind an odd one, which only a draft can hold, nothing at all.</summary>
internal sealed class EvenTokens : ITokenConstraint
{
    private readonly TokenMask _even;
    private readonly TokenMask _nothing;

    public EvenTokens(int vocabulary)
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
