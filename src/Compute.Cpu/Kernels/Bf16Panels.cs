using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Panels of bfloat16: [inputs / 2][16][2]. The two inputs of a pair share a 32-bit word, so that a shift and a mask widen both.
/// </summary>
internal readonly unsafe struct Bf16Panels : IPanelFormat<Bf16Panels>
{
    /// <inheritdoc/>
    public static int GroupSize => 0;

    /// <inheritdoc/>
    public static int PairBytes => 64;

    /// <inheritdoc/>
    public static long PanelBytes(int inputs) => (inputs + 1L) / 2 * PairBytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPair<TLanes>(byte* source, out TLanes first, out TLanes second) where TLanes : struct, ILanes<TLanes> =>
        TLanes.LoadBf16Pairs((ushort*)source, out first, out second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* rows, int inputs, byte* panel)
    {
        uint* target = (uint*)panel;
        int k = 0;
        for (; k + 1 < inputs; k += 2)
            for (int r = 0; r < 16; r++)
            {
                float* pair = rows + (long)r * inputs + k;
                *target++ = Round(pair[0]) | Round(pair[1]) << 16;
            }
        if (k == inputs) return;
        for (int r = 0; r < 16; r++) *target++ = Round(rows[(long)r * inputs + k]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* panel, int inputs, int output, float* destination)
    {
        ushort* source = (ushort*)panel + 2 * output;
        for (int k = 0; k < inputs; k++)
            destination[k] = BitConverter.UInt32BitsToSingle((uint)source[(long)(k >> 1) * 32 + (k & 1)] << 16);
    }

    /// <summary>The upper half of an f32, rounded to nearest even; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint rounded = bits + 0x7fff + (bits >> 16 & 1) >> 16;
        return float.IsNaN(value) ? bits >> 16 | 0x40 : rounded;
    }
}
