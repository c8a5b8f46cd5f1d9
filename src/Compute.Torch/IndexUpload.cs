using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Integers for the device, collected on the host and sent in one transfer; each part is then a view of what arrived. The views belong to the
/// dispose scope that <see cref="Send"/> was called in.
/// </summary>
internal sealed class IndexUpload
{
    private readonly List<long> _values = [];
    private readonly List<(int First, int Count)> _parts = [];

    /// <summary>Adds a part and returns its number.</summary>
    public int Add(ReadOnlySpan<long> values)
    {
        _parts.Add((_values.Count, values.Length));
        _values.AddRange(values);
        return _parts.Count - 1;
    }

    /// <summary>Sends all parts; int64 vectors in the order they were added.</summary>
    public Tensor[] Send(torch.Device device)
    {
        var all = torch.tensor(_values.ToArray()).to(device);
        return [.. _parts.Select(part => all.narrow(0, part.First, part.Count))];
    }
}
