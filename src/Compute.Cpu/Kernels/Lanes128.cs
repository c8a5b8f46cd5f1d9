using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Four 128-bit registers (NEON; SSE where there is no AVX2, with fused multiply-add in software).</summary>
internal readonly unsafe struct Lanes128 : ILanes<Lanes128>
{
    private readonly Vector128<float> _v0;
    private readonly Vector128<float> _v1;
    private readonly Vector128<float> _v2;
    private readonly Vector128<float> _v3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Lanes128(Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3)
    {
        _v0 = v0;
        _v1 = v1;
        _v2 = v2;
        _v3 = v3;
    }

    /// <inheritdoc/>
    public static int TilePanels => 1;

    /// <inheritdoc/>
    public static Lanes128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value)
    {
        var v = Vector128.Create(value);
        return new(v, v, v, v);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Lanes128 value)
    {
        value._v0.Store(destination);
        value._v1.Store(destination + 4);
        value._v2.Store(destination + 8);
        value._v3.Store(destination + 12);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBf16Even(ushort* source) => new(
        (Vector128.Load((uint*)source) << 16).AsSingle(), (Vector128.Load((uint*)source + 4) << 16).AsSingle(),
        (Vector128.Load((uint*)source + 8) << 16).AsSingle(), (Vector128.Load((uint*)source + 12) << 16).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBf16Odd(ushort* source)
    {
        var upper = Vector128.Create(0xffff0000u);
        return new(
            (Vector128.Load((uint*)source) & upper).AsSingle(), (Vector128.Load((uint*)source + 4) & upper).AsSingle(),
            (Vector128.Load((uint*)source + 8) & upper).AsSingle(), (Vector128.Load((uint*)source + 12) & upper).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(a._v0 + b._v0, a._v1 + b._v1, a._v2 + b._v2, a._v3 + b._v3);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Subtract(Lanes128 a, Lanes128 b) => new(a._v0 - b._v0, a._v1 - b._v1, a._v2 - b._v2, a._v3 - b._v3);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Multiply(Lanes128 a, Lanes128 b) => new(a._v0 * b._v0, a._v1 * b._v1, a._v2 * b._v2, a._v3 * b._v3);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Divide(Lanes128 a, Lanes128 b) => new(a._v0 / b._v0, a._v1 / b._v1, a._v2 / b._v2, a._v3 / b._v3);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Fma(Lanes128 a, Lanes128 b, Lanes128 c) => new(
        Vector128.FusedMultiplyAdd(a._v0, b._v0, c._v0), Vector128.FusedMultiplyAdd(a._v1, b._v1, c._v1),
        Vector128.FusedMultiplyAdd(a._v2, b._v2, c._v2), Vector128.FusedMultiplyAdd(a._v3, b._v3, c._v3));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) => new(Vector128.MaxNative(a._v0, b._v0), Vector128.MaxNative(a._v1, b._v1), Vector128.MaxNative(a._v2, b._v2), Vector128.MaxNative(a._v3, b._v3));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b) => new(Vector128.MinNative(a._v0, b._v0), Vector128.MinNative(a._v1, b._v1), Vector128.MinNative(a._v2, b._v2), Vector128.MinNative(a._v3, b._v3));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddExponent(Lanes128 value, Lanes128 shifter) => new(
        (value._v0.AsInt32() + (shifter._v0.AsInt32() << 23)).AsSingle(),
        (value._v1.AsInt32() + (shifter._v1.AsInt32() << 23)).AsSingle(),
        (value._v2.AsInt32() + (shifter._v2.AsInt32() << 23)).AsSingle(),
        (value._v3.AsInt32() + (shifter._v3.AsInt32() << 23)).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 value)
    {
        var v4 = (value._v0 + value._v2) + (value._v1 + value._v3);
        var v2 = v4 + Vector128.Shuffle(v4, Vector128.Create(2, 3, 0, 1));
        return v2.ToScalar() + v2.GetElement(1);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Lanes128 value)
    {
        var v4 = Vector128.MaxNative(Vector128.MaxNative(value._v0, value._v2), Vector128.MaxNative(value._v1, value._v3));
        var v2 = Vector128.MaxNative(v4, Vector128.Shuffle(v4, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(v2.ToScalar(), v2.GetElement(1));
    }
}
