using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Engine.Tests.Models;

/// <summary>
/// A toy grammar that depends on the whole path: after an even sum of the last two tokens only odd ones may follow, after an odd sum only
/// those that are no multiples of three.
/// </summary>
internal sealed class ParityConstraint : ITokenConstraint
{
    private readonly TokenMask _odd;
    private readonly TokenMask _noThirds;

    public ParityConstraint(int vocabulary)
    {
        (_odd, _noThirds) = (new TokenMask(vocabulary), new TokenMask(vocabulary));
        for (int token = 0; token < vocabulary; token++)
        {
            if (token % 2 == 1) _odd.Allow(token);
            if (token % 3 != 0) _noThirds.Allow(token);
        }
    }

    public TokenMask? Mask(DecodeSequence sequence, ReadOnlySpan<int> path)
    {
        int sum = 0;
        for (int back = 1; back <= 2; back++)
        {
            int at = sequence.Length + path.Length - back;
            if (at >= 0) sum += at >= sequence.Length ? path[at - sequence.Length] : sequence.Tokens[at];
        }
        return sum % 2 == 0 ? _odd : _noThirds;
    }
}
