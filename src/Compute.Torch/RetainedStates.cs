using Atlas.Modeling.Engine;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Hidden states with a tensor of their own, f32 [count, width].</summary>
internal sealed class RetainedStates(Tensor states) : IRetainedHiddenStates, IDeviceStates
{
    private bool _disposed;

    /// <inheritdoc/>
    public int Count { get; } = (int)states.shape[0];

    /// <inheritdoc/>
    public int Width { get; } = (int)states.shape[1];

    /// <inheritdoc/>
    public IRetainedHiddenStates Retain(ReadOnlySpan<int> rows)
    {
        using var scope = torch.NewDisposeScope();
        return new RetainedStates(Select(rows).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public Tensor Select(ReadOnlySpan<int> rows)
    {
        var chosen = new long[rows.Length];
        for (int i = 0; i < rows.Length; i++) chosen[i] = Checked(rows[i]);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return states.index_select(0, torch.tensor(chosen).to(states.device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Read(int row, Span<float> destination)
    {
        if (destination.Length != Width)
            throw new ArgumentException($"room for {destination.Length} values; expected {Width}", nameof(destination));
        HostCopy.Row(states, Checked(row), destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        states.Dispose();
    }

    private int Checked(int row)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if ((uint)row >= (uint)Count) throw new ArgumentException($"row {row} does not exist; there are {Count}", nameof(row));
        return row;
    }
}
