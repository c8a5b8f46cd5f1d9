namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Which tile of a product is computed, and what to fetch meanwhile.</summary>
internal unsafe struct TilePlace
{
    /// <summary>First panel.</summary>
    public int Panel;

    /// <summary>First row.</summary>
    public int Row;

    /// <summary>First input, a multiple of 64.</summary>
    public int From;

    /// <summary>Inputs; a multiple of 64 unless they are the last.</summary>
    public int Count;

    /// <summary>Where to prefetch: a cache line per two inputs.</summary>
    public byte* Ahead0;

    /// <summary>A second stream to prefetch; the same as the first where one is enough.</summary>
    public byte* Ahead1;
}
