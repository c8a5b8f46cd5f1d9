using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>
/// Hidden states as keys of 64 bytes: a fixed random projection, which nearly keeps angles (Johnson and Lindenstrauss 1984), scaled to one length
/// and rounded. The projection is 64 rows of a Hadamard matrix behind random signs (Ailon and Chazelle 2009; subsampled: Tropp 2011), computed by
/// sums and differences alone: a dense one would be read from memory in every step. A state of any width becomes one cache line. Not thread-safe.
/// </summary>
internal sealed class StateKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Width = 64;

    // Neighbours that are mixed last, and only in the part that is kept.
    private const int Block = 16;

    // A component of a unit vector of 64 is 0.125 in the mean; what lies beyond 3.2 times that is cut off.
    private const float Scale = 320f;

    private readonly float[] _signs;
    private readonly float[] _mixed;

    /// <summary>The projection of states of a width: the same for all processes.</summary>
    public StateKey(int stateWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stateWidth, 1);
        var random = new Random(Width);
        _signs = [.. Enumerable.Range(0, stateWidth).Select(_ => random.Next(2) == 0 ? -1f : 1f)];
        _mixed = new float[Math.Max(Width, BitOperations.RoundUpToPowerOf2((uint)stateWidth))];
    }

    /// <summary>Writes a state's key; false for a state that has no direction, or values that are not finite.</summary>
    public bool TryWrite(ReadOnlySpan<float> state, Span<sbyte> key)
    {
        TensorPrimitives.Multiply(state, _signs, _mixed);
        _mixed.AsSpan(_signs.Length).Clear();
        for (int apart = _mixed.Length / 2; apart >= Block; apart /= 2) Mix(apart);
        var projected = _mixed.AsSpan(0, Width);
        for (int apart = Block / 2; apart >= 1; apart /= 2) MixNeighbours(projected, apart);
        float scale = Scale / TensorPrimitives.Norm<float>(projected);
        if (!float.IsFinite(scale) || scale == 0f) return false;
        for (int i = 0; i < Width; i++) key[i] = (sbyte)Math.Clamp(MathF.Round(projected[i] * scale), -127f, 127f);
        return true;
    }

    /// <summary>The cosine of the angle between two keys, to two digits or so: -1 to 1, a little beyond where rounding says so.</summary>
    public static float Similarity(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        var (lowA, highA) = Vector512.Widen(Vector512.Create(a));
        var (lowB, highB) = Vector512.Widen(Vector512.Create(b));
        // Two products of seven bits fit fifteen.
        var (low, high) = Vector512.Widen(lowA * lowB + highA * highB);
        return Vector512.Sum(low + high) / (Scale * Scale);
    }

    // Sums and differences of all values that are so far apart, at least a block.
    private void Mix(int apart)
    {
        var blocks = MemoryMarshal.Cast<float, Vector512<float>>(_mixed.AsSpan());
        apart /= Block;
        for (int first = 0; first < blocks.Length; first += 2 * apart)
            for (int i = first; i < first + apart; i++)
                (blocks[i], blocks[i + apart]) = (blocks[i] + blocks[i + apart], blocks[i] - blocks[i + apart]);
    }

    private static void MixNeighbours(Span<float> values, int apart)
    {
        for (int first = 0; first < values.Length; first += 2 * apart)
            for (int i = first; i < first + apart; i++)
                (values[i], values[i + apart]) = (values[i] + values[i + apart], values[i] - values[i + apart]);
    }
}
