using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>One 512-bit register (AVX-512).</summary>
internal readonly unsafe struct IntegerLanes512 : IIntegerLanes<IntegerLanes512, Lanes512>
{
    private readonly Vector512<int> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IntegerLanes512(Vector512<int> v)
    {
        _v = v;
    }

    /// <inheritdoc/>
    public static IntegerLanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512 LoadPairs(byte* source) => new(Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)source)).AsInt32());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512 BroadcastPair(short* source) => new(Vector512.Create(*(int*)source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512 MultiplyAddPairs(IntegerLanes512 a, IntegerLanes512 b, IntegerLanes512 sum) =>
        new(sum._v + Avx512BW.MultiplyAddAdjacent(a._v.AsInt16(), b._v.AsInt16()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ToFloats(IntegerLanes512 value) => new(Vector512.ConvertToSingle(value._v));
}
