using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>
/// Hidden states as keys of 64 bytes: a fixed random projection, which nearly keeps angles (Johnson and Lindenstrauss 1984; signs for
/// coefficients: Achlioptas 2003), scaled to one length and rounded. A state of any width becomes one cache line. Not thread-safe.
/// </summary>
internal sealed class StateKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Width = 64;

    // A component of a unit vector of 64 is 0.125 in the mean; what lies beyond 3.2 times that is cut off.
    private const float Scale = 320f;

    private readonly float[] _signs;
    private readonly float[] _projected = new float[Width];
    private readonly int _stateWidth;

    /// <summary>The projection of states of a width: the same for all processes.</summary>
    public StateKey(int stateWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stateWidth, 1);
        _stateWidth = stateWidth;
        var random = new Random(Width);
        _signs = new float[Width * stateWidth];
        for (int i = 0; i < _signs.Length; i++) _signs[i] = random.Next(2) == 0 ? -1f : 1f;
    }

    /// <summary>Writes a state's key; false for a state that has no direction, or values that are not finite.</summary>
    public bool TryWrite(ReadOnlySpan<float> state, Span<sbyte> key)
    {
        for (int i = 0; i < Width; i++) _projected[i] = TensorPrimitives.Dot(state, _signs.AsSpan(i * _stateWidth, _stateWidth));
        float scale = Scale / TensorPrimitives.Norm<float>(_projected);
        if (!float.IsFinite(scale) || scale == 0f) return false;
        for (int i = 0; i < Width; i++) key[i] = (sbyte)Math.Clamp(MathF.Round(_projected[i] * scale), -127f, 127f);
        return true;
    }

    /// <summary>The cosine of the angle between two keys, to two digits or so: -1 to 1, a little beyond where rounding says so.</summary>
    public static float Similarity(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        var sum = Vector256<int>.Zero;
        for (int i = 0; i < Width; i += Vector256<sbyte>.Count)
        {
            var (lowA, highA) = Vector256.Widen(Vector256.Create(a.Slice(i, Vector256<sbyte>.Count)));
            var (lowB, highB) = Vector256.Widen(Vector256.Create(b.Slice(i, Vector256<sbyte>.Count)));
            // Two products of seven bits fit fifteen.
            var (low, high) = Vector256.Widen(lowA * lowB + highA * highB);
            sum += low + high;
        }
        return Vector256.Sum(sum) / (Scale * Scale);
    }
}
