namespace Atlas.Modeling.Engine;

/// <summary>
/// Hidden states in host memory, whatever the engine: what a trainer's replay keeps. Written by one thread and read by others only when that is
/// done.
/// </summary>
/// <param name="count">Number of states; all zero at first.</param>
/// <param name="width">Length of one.</param>
public sealed class HostHiddenStates(int count, int width) : IRetainedHiddenStates
{
    private readonly float[] _values = new float[checked(count * width)];

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public int Width => width;

    /// <summary>A state to fill.</summary>
    public Span<float> Writable(int row) => _values.AsSpan(row * width, width);

    /// <inheritdoc/>
    public IRetainedHiddenStates Retain(ReadOnlySpan<int> rows)
    {
        var copy = new HostHiddenStates(rows.Length, width);
        for (int i = 0; i < rows.Length; i++) Writable(rows[i]).CopyTo(copy.Writable(i));
        return copy;
    }

    /// <inheritdoc/>
    public void Read(int row, Span<float> destination) => Writable(row).CopyTo(destination);

    /// <summary>Does nothing: the memory is the collector's.</summary>
    public void Dispose() { }
}
