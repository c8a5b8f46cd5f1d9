using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Panels of 8-bit integers, symmetric: groups of 64 inputs (the last one shorter where 64 does not divide them), each sixteen f32 scales
/// and then [inputs][16] integers from -127 to 127. Kernels sum a group in f32 and then multiply by its scale.
/// </summary>
internal readonly unsafe struct Int8Panels : IPanelFormat<Int8Panels>
{
    private const int ScaleBytes = 64;

    /// <inheritdoc/>
    public static int GroupSize => 64;

    /// <inheritdoc/>
    public static int PairBytes => 32;

    /// <inheritdoc/>
    public static long PanelBytes(int inputs)
    {
        long groups = (inputs + GroupSize - 1L) / GroupSize;
        return (groups * ScaleBytes + (inputs + 1L) / 2 * PairBytes + 63) & ~63L;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPair<TLanes>(byte* source, out TLanes first, out TLanes second) where TLanes : struct, ILanes<TLanes>
    {
        first = TLanes.LoadInt8((sbyte*)source);
        second = TLanes.LoadInt8((sbyte*)source + 16);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* rows, int inputs, byte* panel)
    {
        for (int from = 0; from < inputs; from += GroupSize)
        {
            int count = Math.Min(GroupSize, inputs - from);
            float* scales = (float*)panel;
            sbyte* target = (sbyte*)panel + ScaleBytes;
            for (int r = 0; r < 16; r++) PackGroup(rows + (long)r * inputs + from, count, out scales[r], target + r);
            if ((count & 1) != 0) new Span<sbyte>(target + count * 16, 16).Clear();
            panel = (byte*)target + (count + 1) / 2 * PairBytes;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* panel, int inputs, int output, float* destination)
    {
        for (int from = 0; from < inputs; from += GroupSize)
        {
            int count = Math.Min(GroupSize, inputs - from);
            float scale = ((float*)panel)[output];
            sbyte* source = (sbyte*)panel + ScaleBytes + output;
            for (int k = 0; k < count; k++) *destination++ = source[k * 16] * scale;
            panel += ScaleBytes + (count + 1) / 2 * PairBytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackGroup(float* source, int count, out float scale, sbyte* target)
    {
        float max = 0;
        for (int k = 0; k < count; k++) max = Math.Max(max, Math.Abs(source[k]));
        scale = max / 127f;
        float inverse = max > 0 ? 127f / max : 0f;
        for (int k = 0; k < count; k++) target[k * 16] = (sbyte)Math.Clamp(MathF.Round(source[k] * inverse), -127f, 127f);
    }
}
