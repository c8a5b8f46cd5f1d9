using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Two 256-bit registers (AVX2).</summary>
internal readonly unsafe struct IntegerLanes256 : IIntegerLanes<IntegerLanes256, Lanes256>
{
    private readonly Vector256<int> _v0;
    private readonly Vector256<int> _v1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IntegerLanes256(Vector256<int> v0, Vector256<int> v1)
    {
        _v0 = v0;
        _v1 = v1;
    }

    /// <inheritdoc/>
    public static IntegerLanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256 LoadPairs(byte* source) => new(
        Avx2.ConvertToVector256Int16(Vector128.Load((sbyte*)source)).AsInt32(),
        Avx2.ConvertToVector256Int16(Vector128.Load((sbyte*)source + 16)).AsInt32());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256 BroadcastPair(short* source)
    {
        var v = Vector256.Create(*(int*)source);
        return new(v, v);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256 MultiplyAddPairs(IntegerLanes256 a, IntegerLanes256 b, IntegerLanes256 sum) => new(
        sum._v0 + Avx2.MultiplyAddAdjacent(a._v0.AsInt16(), b._v0.AsInt16()),
        sum._v1 + Avx2.MultiplyAddAdjacent(a._v1.AsInt16(), b._v1.AsInt16()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ToFloats(IntegerLanes256 value) => new(Vector256.ConvertToSingle(value._v0), Vector256.ConvertToSingle(value._v1));
}
