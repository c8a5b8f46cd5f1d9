using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>The gain of a root mean square normalization (arXiv 1910.07467), f32 [width].</summary>
internal sealed class RmsNorm : IDisposable
{
    private readonly string _name;

    /// <summary>Allocates the gain; <see cref="Read"/> fills it from the tensor <paramref name="name"/>.</summary>
    public RmsNorm(string name, int width, torch.Device device)
    {
        _name = name;
        Gain = torch.empty([width], torch.ScalarType.Float32, device);
    }

    /// <summary>The gain.</summary>
    public Tensor Gain { get; }

    /// <summary>Bytes that a forward reads.</summary>
    public long Bytes => Gain.NumberOfElements * sizeof(float);

    /// <summary>Root mean square of the gain: that of what it normalizes.</summary>
    public float Scale()
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return (float)Gain.to(torch.ScalarType.Float64).square().mean().sqrt().item<double>();
    }

    /// <summary>Fills the gain.</summary>
    public void Read(WeightReader reader) => reader.Vector(_name, Gain, 0, (int)Gain.NumberOfElements);

    /// <inheritdoc/>
    public void Dispose() => Gain.Dispose();
}
