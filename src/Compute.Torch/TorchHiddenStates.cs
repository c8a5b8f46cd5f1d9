using Atlas.Modeling.Engine;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Hidden states of a forward's result; they end with it.</summary>
internal sealed class TorchHiddenStates(RowMap map, Tensor? states, int width) : IHiddenStates, IDisposable
{
    /// <inheritdoc/>
    public int Width => width;

    /// <inheritdoc/>
    public IRetainedHiddenStates Retain(ReadOnlySpan<int> rows)
    {
        using var scope = torch.NewDisposeScope();
        return new RetainedStates(States.index_select(0, map.ToTensor(rows, States.device)).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public void Read(int row, Span<float> destination)
    {
        if (destination.Length != width)
            throw new ArgumentException($"room for {destination.Length} values; expected {width}", nameof(destination));
        HostCopy.Row(States, map.Output(row), destination);
    }

    /// <inheritdoc/>
    public void Dispose() => states?.Dispose();

    private Tensor States
    {
        get
        {
            map.CheckValid();
            return states ?? throw new ArgumentException("no row of this forward was planned with output");
        }
    }
}
