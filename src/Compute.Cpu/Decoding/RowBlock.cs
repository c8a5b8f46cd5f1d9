using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>Rows of floats in a buffer of fixed stride; rows begin on cache lines.</summary>
internal readonly unsafe struct RowBlock(float* pointer, long stride)
{
    /// <summary>First row.</summary>
    public float* Pointer { get; } = pointer;

    /// <summary>Floats from row to row.</summary>
    public long Stride { get; } = stride;

    /// <summary>A row.</summary>
    public float* Row(int row) => Pointer + row * Stride;

    /// <summary>A view of a whole buffer.</summary>
    public static RowBlock Over(AlignedBuffer<float> buffer, int width) => new(buffer.Pointer, Padded(width));

    /// <summary>A width rounded up to whole cache lines.</summary>
    public static int Padded(int width) => (width + 15) & ~15;
}
