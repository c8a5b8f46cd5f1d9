using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Panels of f32: [inputs][16].</summary>
internal readonly unsafe struct F32Panels : IPanelFormat<F32Panels>
{
    /// <inheritdoc/>
    public static int GroupSize => 0;

    /// <inheritdoc/>
    public static int PairBytes => 128;

    /// <inheritdoc/>
    public static long PanelBytes(int inputs) => (inputs + 1L) / 2 * PairBytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPair<TLanes>(byte* source, out TLanes first, out TLanes second) where TLanes : struct, ILanes<TLanes>
    {
        first = TLanes.Load((float*)source);
        second = TLanes.Load((float*)source + 16);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* rows, int inputs, byte* panel)
    {
        float* target = (float*)panel;
        for (int k = 0; k < inputs; k++)
            for (int r = 0; r < 16; r++)
                *target++ = rows[(long)r * inputs + k];
        if ((inputs & 1) != 0) new Span<float>(target, 16).Clear();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* panel, int inputs, int output, float* destination)
    {
        float* source = (float*)panel + output;
        for (int k = 0; k < inputs; k++) destination[k] = source[(long)k * 16];
    }
}
