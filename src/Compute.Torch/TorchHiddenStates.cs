using Atlas.Modeling.Engine;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Hidden states of a forward; they end with their row map's validity.</summary>
internal sealed class TorchHiddenStates(RowMap map, Tensor? states, int width) : IHiddenStates, IDeviceStates, IDisposable
{
    /// <inheritdoc/>
    public int Width => width;

    /// <inheritdoc/>
    public IRetainedHiddenStates Retain(ReadOnlySpan<int> rows)
    {
        using var scope = torch.NewDisposeScope();
        return new RetainedStates(Select(rows).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public void Read(int row, Span<float> destination)
    {
        if (destination.Length != width)
            throw new ArgumentException($"room for {destination.Length} values; expected {width}", nameof(destination));
        HostCopy.Row(States, map.Output(row), destination);
    }

    /// <inheritdoc/>
    public Tensor Select(ReadOnlySpan<int> rows)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return States.index_select(0, map.ToTensor(rows, States.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Throws when the states have ended.</summary>
    public void CheckValid() => map.CheckValid();

    /// <summary>Ends their validity and frees them.</summary>
    public void Dispose()
    {
        map.Invalidate();
        states?.Dispose();
    }

    private Tensor States
    {
        get
        {
            map.CheckValid();
            return states ?? throw new ArgumentException("no row of this forward was planned with output");
        }
    }
}
