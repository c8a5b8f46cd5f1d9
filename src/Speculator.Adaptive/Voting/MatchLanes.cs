using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atlas.Speculator.Adaptive.Voting;

/// <summary>Arithmetic over the places of a <see cref="MatchSet"/>, of which a word's bits choose some. Spans have a place for every bit.</summary>
internal static class MatchLanes
{
    private const int Width = 8;

    private static readonly Vector256<int> Bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);

    /// <summary>The places that hold a token.</summary>
    public static uint EqualTo(ReadOnlySpan<int> tokens, int token)
    {
        ref int first = ref MemoryMarshal.GetReference(tokens);
        var wanted = Vector256.Create(token);
        uint equal = 0;
        for (int at = 0; at < MatchSet.MostMatches; at += Width)
            equal |= Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)at), wanted).ExtractMostSignificantBits() << at;
        return equal;
    }

    /// <summary>The sum of the chosen places.</summary>
    public static float Sum(ReadOnlySpan<float> values, uint chosen)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        var sum = Vector256<float>.Zero;
        for (int at = 0; at < MatchSet.MostMatches && chosen >> at != 0; at += Width)
            sum += Vector256.LoadUnsafe(ref first, (nuint)at) & Lanes(chosen >> at).AsSingle();
        return Vector256.Sum(sum);
    }

    /// <summary>The largest of the chosen places; no value is negative.</summary>
    public static int Max(ReadOnlySpan<int> values, uint chosen)
    {
        int max = 0;
        for (uint rest = chosen; rest != 0; rest &= rest - 1) max = Math.Max(max, values[BitOperations.TrailingZeroCount(rest)]);
        return max;
    }

    private static Vector256<int> Lanes(uint chosen) => Vector256.Equals(Vector256.Create((int)chosen) & Bits, Bits);
}
