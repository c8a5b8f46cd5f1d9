using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Panels of bfloat16: [inputs / 2][16][2]. The two inputs of a pair share a 32-bit word, so that a shift widens one and a mask the other.
/// </summary>
internal readonly unsafe struct Bf16Panels : IFloatPanels
{
    /// <inheritdoc/>
    public static int PairBytes => 64;

    /// <summary>Bytes of a panel.</summary>
    public static long PanelBytes(int inputs) => (inputs + 1L) / 2 * PairBytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes First<TLanes>(byte* pair) where TLanes : struct, ILanes<TLanes> => TLanes.LoadBf16Even((ushort*)pair);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Second<TLanes>(byte* pair) where TLanes : struct, ILanes<TLanes> => TLanes.LoadBf16Odd((ushort*)pair);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WriteOutput(byte* panel, int output, float* values, int inputs)
    {
        uint* target = (uint*)panel + output;
        int k = 0;
        for (; k + 1 < inputs; k += 2, target += 16) *target = Round(values[k]) | Round(values[k + 1]) << 16;
        if (k < inputs) *target = Round(values[k]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WriteInput(byte* panel, int input, float* values)
    {
        ushort* target = Element(panel, input, 0);
        for (int i = 0; i < 16; i++) target[2 * i] = (ushort)Round(values[i]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyOutput(byte* source, int sourceOutput, byte* destination, int destinationOutput, int inputs)
    {
        uint* from = (uint*)source + sourceOutput, to = (uint*)destination + destinationOutput;
        for (int k = 0; k < inputs; k += 2, from += 16, to += 16) *to = *from;
    }

    /// <inheritdoc/>
    public static void CopyInput(byte* panel, int source, int destination)
    {
        ushort* from = Element(panel, source, 0), to = Element(panel, destination, 0);
        for (int i = 0; i < 16; i++) to[2 * i] = from[2 * i];
    }

    /// <summary>Writes a panel from sixteen rows of f32 weights, <paramref name="inputs"/> apart.</summary>
    public static void Pack(float* rows, int inputs, byte* panel)
    {
        for (int r = 0; r < 16; r++) WriteOutput(panel, r, rows + (long)r * inputs, inputs);
    }

    /// <summary>Widens one output's weights back to f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* panel, int inputs, int output, float* destination)
    {
        for (int k = 0; k < inputs; k++) destination[k] = BitConverter.UInt32BitsToSingle((uint)*Element(panel, k, output) << 16);
    }

    /// <summary>The upper half of an f32, rounded to nearest even; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint rounded = bits + 0x7fff + (bits >> 16 & 1) >> 16;
        return float.IsNaN(value) ? bits >> 16 | 0x40 : rounded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort* Element(byte* panel, int input, int output) =>
        (ushort*)(panel + (long)(input >> 1) * PairBytes) + 2 * output + (input & 1);
}
