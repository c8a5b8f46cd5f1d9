namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Input rows as 16-bit integers, for products with 8-bit weights: groups of 64 values, the last filled up with zeros, each with one scale.
/// The rounding error is at most 2^-16 of a group's greatest value, far below that of the weights.
/// </summary>
internal unsafe struct QuantizedRows
{
    /// <summary>First row; the pairs of a group lie side by side.</summary>
    public short* Values;

    /// <summary>Integers from row to row, a multiple of 64.</summary>
    public long Stride;

    /// <summary>Scales of the first row's groups.</summary>
    public float* Scales;

    /// <summary>Scales from row to row.</summary>
    public long ScaleStride;
}
