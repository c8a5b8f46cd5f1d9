namespace Atlas.Modeling;

/// <summary>
/// Named tensors to read: a checkpoint on disk, or weights still in memory. Reading is safe from several threads; disposing while a read
/// is under way is not.
/// </summary>
public interface IWeightSource
{
    /// <summary>What the source is called in messages: a path, or a phrase for weights in memory.</summary>
    string Description { get; }

    /// <summary>Whether there is a tensor of that name.</summary>
    bool Contains(string name);

    /// <summary>Element type and shape of a tensor, outermost dimension first.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    TensorInfo Describe(string name);

    /// <summary>Widens a whole tensor to f32, row-major, into <paramref name="destination"/> (exactly as many elements).</summary>
    /// <exception cref="CheckpointException">There is none of that name, or the element counts differ.</exception>
    void Read(string name, Span<float> destination);

    /// <summary>
    /// Widens the outermost rows <paramref name="firstRow"/> and following of a matrix to f32, as many as fill
    /// <paramref name="destination"/> (a whole number of rows): repacking reads a tensor in slices, never whole.
    /// </summary>
    void ReadRows(string name, int firstRow, Span<float> destination);
}
