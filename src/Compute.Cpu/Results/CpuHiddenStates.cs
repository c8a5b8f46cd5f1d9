using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Results;

/// <summary>Hidden states in host memory.</summary>
internal abstract class CpuHiddenStates : IHiddenStates
{
    /// <inheritdoc/>
    public abstract int Width { get; }

    /// <summary>A row's state where it lies; valid as long as the states are.</summary>
    public abstract ReadOnlySpan<float> Row(int row);

    /// <inheritdoc/>
    public IRetainedHiddenStates Retain(ReadOnlySpan<int> rows)
    {
        var copy = new RetainedHiddenStates(rows.Length, Width);
        try
        {
            for (int i = 0; i < rows.Length; i++) Row(rows[i]).CopyTo(copy.Writable(i));
        }
        catch
        {
            copy.Dispose();
            throw;
        }
        // The spans alone do not keep the native memory from its finalizer.
        GC.KeepAlive(this);
        return copy;
    }

    /// <inheritdoc/>
    public void Read(int row, Span<float> destination)
    {
        var source = Row(row);
        if (destination.Length != source.Length)
            throw new ArgumentException($"the destination holds {destination.Length} values; expected {source.Length}", nameof(destination));
        source.CopyTo(destination);
        GC.KeepAlive(this);
    }
}
