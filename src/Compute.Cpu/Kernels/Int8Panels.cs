using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Panels of 8-bit integers, symmetric: groups of 64 inputs, each sixteen f32 scales and then [32][16][2] integers from -127 to 127, the two
/// inputs of a pair side by side. The last group is filled up with zeros.
/// </summary>
internal static unsafe class Int8Panels
{
    /// <summary>Inputs that share one scale per output.</summary>
    public const int GroupSize = 64;

    /// <summary>Bytes of a group's scales.</summary>
    public const int ScaleBytes = 64;

    /// <summary>Bytes of two inputs' weights for the sixteen outputs.</summary>
    public const int PairBytes = 32;

    /// <summary>Bytes of a group.</summary>
    public const int GroupBytes = ScaleBytes + GroupSize / 2 * PairBytes;

    /// <summary>Groups that <paramref name="inputs"/> inputs fill.</summary>
    public static int Groups(int inputs) => (inputs + GroupSize - 1) / GroupSize;

    /// <summary>Bytes of a panel.</summary>
    public static long PanelBytes(int inputs) => (long)Groups(inputs) * GroupBytes;

    /// <summary>Writes a panel from sixteen rows of f32 weights, <paramref name="inputs"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* rows, int inputs, byte* panel)
    {
        for (int from = 0; from < inputs; from += GroupSize, panel += GroupBytes)
        {
            int count = Math.Min(GroupSize, inputs - from);
            for (int r = 0; r < 16; r++) PackGroup(rows + (long)r * inputs + from, count, out ((float*)panel)[r], panel, r);
        }
    }

    /// <summary>Widens one output's weights back to f32, scales applied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* panel, int inputs, int output, float* destination)
    {
        for (int from = 0; from < inputs; from += GroupSize, panel += GroupBytes)
        {
            float scale = ((float*)panel)[output];
            for (int k = 0; k < Math.Min(GroupSize, inputs - from); k++) *destination++ = *Element(panel, k, output) * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackGroup(float* source, int count, out float scale, byte* group, int output)
    {
        float max = 0;
        for (int k = 0; k < count; k++) max = Math.Max(max, Math.Abs(source[k]));
        scale = max / 127f;
        float inverse = max > 0 ? 127f / max : 0f;
        for (int k = 0; k < GroupSize; k++)
            *Element(group, k, output) = k < count ? (sbyte)Math.Clamp(MathF.Round(source[k] * inverse), -127f, 127f) : (sbyte)0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static sbyte* Element(byte* group, int input, int output) =>
        (sbyte*)group + ScaleBytes + (input >> 1) * PairBytes + 2 * output + (input & 1);
}
