using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atlas.Core.Sampling;

/// <summary>The k best of many values, best first, ties to the lower index.</summary>
internal static class TopList
{
    /// <summary>
    /// Fills <paramref name="best"/> with (index, value) of the largest finite values; returns how many there were. NaN and negative
    /// infinity never enter.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Select(ReadOnlySpan<float> values, Span<(int Index, float Value)> best)
    {
        int count = 0, i = 0, width = Vector<float>.Count;
        float floor = float.NegativeInfinity;
        for (; i <= values.Length - width; i += width)
        {
            if (!Vector.GreaterThanAny(new Vector<float>(values.Slice(i, width)), new Vector<float>(floor))) continue;
            for (int j = i; j < i + width; j++)
                if (values[j] > floor)
                    floor = Insert(best, ref count, j, values[j]);
        }
        for (; i < values.Length; i++)
            if (values[i] > floor)
                floor = Insert(best, ref count, i, values[i]);
        return count;
    }

    // Inserts in order and returns what the next value must exceed.
    private static float Insert(Span<(int Index, float Value)> best, ref int count, int index, float value)
    {
        if (count < best.Length) count++;
        int at = count - 1;
        for (; at > 0 && best[at - 1].Value < value; at--) best[at] = best[at - 1];
        best[at] = (index, value);
        return count < best.Length ? float.NegativeInfinity : best[^1].Value;
    }
}
