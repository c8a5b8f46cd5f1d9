using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Panels of f32: [inputs][16].</summary>
internal readonly unsafe struct F32Panels : IFloatPanels
{
    /// <inheritdoc/>
    public static int PairBytes => 128;

    /// <summary>Bytes of a panel.</summary>
    public static long PanelBytes(int inputs) => (inputs + 1L) / 2 * PairBytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes First<TLanes>(byte* pair) where TLanes : struct, ILanes<TLanes> => TLanes.Load((float*)pair);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Second<TLanes>(byte* pair) where TLanes : struct, ILanes<TLanes> => TLanes.Load((float*)pair + 16);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WriteOutput(byte* panel, int output, float* values, int inputs)
    {
        float* target = (float*)panel + output;
        for (int k = 0; k < inputs; k++, target += 16) *target = values[k];
    }

    /// <inheritdoc/>
    public static void WriteInput(byte* panel, int input, float* values) =>
        new ReadOnlySpan<float>(values, 16).CopyTo(new Span<float>((float*)panel + input * 16L, 16));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyOutput(byte* source, int sourceOutput, byte* destination, int destinationOutput, int inputs)
    {
        float* from = (float*)source + sourceOutput, to = (float*)destination + destinationOutput;
        for (int k = 0; k < inputs; k++, from += 16, to += 16) *to = *from;
    }

    /// <inheritdoc/>
    public static void CopyInput(byte* panel, int source, int destination) => WriteInput(panel, destination, (float*)panel + source * 16L);

    /// <summary>Writes a panel from sixteen rows of weights, <paramref name="inputs"/> apart.</summary>
    public static void Pack(float* rows, int inputs, byte* panel)
    {
        for (int r = 0; r < 16; r++) WriteOutput(panel, r, rows + (long)r * inputs, inputs);
        if ((inputs & 1) != 0) new Span<float>((float*)panel + inputs * 16L, 16).Clear();
    }

    /// <summary>Reads one output's weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* panel, int inputs, int output, float* destination)
    {
        float* source = (float*)panel + output;
        for (int k = 0; k < inputs; k++) destination[k] = source[(long)k * 16];
    }
}
