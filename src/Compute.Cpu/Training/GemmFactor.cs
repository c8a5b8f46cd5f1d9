namespace Atlas.Compute.Cpu.Training;

/// <summary>A right factor of products, packed when it is first used and kept until it is said to have changed.</summary>
internal sealed unsafe class GemmFactor : IDisposable
{
    private readonly GrowingBuffer _memory = new();

    /// <summary>Whether the packed copy is that of the present values.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>The values have changed.</summary>
    public void Outdate() => IsFresh = false;

    /// <summary>Room for the packed copy, which the caller fills unless it is fresh.</summary>
    public float* Reserve(nint count) => _memory.Reserve(count);

    /// <summary>The packed copy is that of the present values.</summary>
    public void MarkFresh() => IsFresh = true;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
