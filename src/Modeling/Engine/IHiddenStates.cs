namespace Atlas.Modeling.Engine;

/// <summary>
/// Hidden states on the device. Those of a forward's result live as long as the result; <see cref="Retain"/> makes a copy that lives until
/// it is disposed.
/// </summary>
public interface IHiddenStates
{
    /// <summary>Length of one state.</summary>
    int Width { get; }

    /// <summary>Copies rows, named as in the result's plan, into a block of their own on the device, numbered from 0.</summary>
    IRetainedHiddenStates Retain(ReadOnlySpan<int> rows);

    /// <summary>Copies one row to the host.</summary>
    void Read(int row, Span<float> destination);
}
