using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Four 128-bit registers (NEON; SSE where there is no AVX2).</summary>
internal readonly unsafe struct IntegerLanes128 : IIntegerLanes<IntegerLanes128, Lanes128>
{
    private readonly Vector128<int> _v0;
    private readonly Vector128<int> _v1;
    private readonly Vector128<int> _v2;
    private readonly Vector128<int> _v3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IntegerLanes128(Vector128<int> v0, Vector128<int> v1, Vector128<int> v2, Vector128<int> v3)
    {
        _v0 = v0;
        _v1 = v1;
        _v2 = v2;
        _v3 = v3;
    }

    /// <inheritdoc/>
    public static IntegerLanes128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128 LoadPairs(byte* source)
    {
        var (v0, v1) = Vector128.Widen(Vector128.Load((sbyte*)source));
        var (v2, v3) = Vector128.Widen(Vector128.Load((sbyte*)source + 16));
        return new(v0.AsInt32(), v1.AsInt32(), v2.AsInt32(), v3.AsInt32());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128 BroadcastPair(short* source)
    {
        var v = Vector128.Create(*(int*)source);
        return new(v, v, v, v);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128 MultiplyAddPairs(IntegerLanes128 a, IntegerLanes128 b, IntegerLanes128 sum) => new(
        sum._v0 + Multiply(a._v0, b._v0), sum._v1 + Multiply(a._v1, b._v1),
        sum._v2 + Multiply(a._v2, b._v2), sum._v3 + Multiply(a._v3, b._v3));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ToFloats(IntegerLanes128 value) => new(
        Vector128.ConvertToSingle(value._v0), Vector128.ConvertToSingle(value._v1),
        Vector128.ConvertToSingle(value._v2), Vector128.ConvertToSingle(value._v3));

    /// <summary>Products of 16-bit pairs, added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Multiply(Vector128<int> a, Vector128<int> b)
    {
        if (Sse2.IsSupported) return Sse2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.AddPairwise(
                AdvSimd.MultiplyWideningLower(a.AsInt16().GetLower(), b.AsInt16().GetLower()),
                AdvSimd.MultiplyWideningUpper(a.AsInt16(), b.AsInt16()));
        return MultiplyPortable(a, b);
    }

    /// <summary>The same without an instruction for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> MultiplyPortable(Vector128<int> a, Vector128<int> b) =>
        (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
}
