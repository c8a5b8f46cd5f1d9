using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Root mean square normalization (arXiv 1910.07467) over the last dimension, in f32.</summary>
internal sealed class RmsNorm : IDisposable
{
    private readonly string _name;
    private readonly float _epsilon;
    private readonly Tensor _gain;

    /// <summary>Allocates the gain; <see cref="Read"/> fills it from the tensor <paramref name="name"/>.</summary>
    public RmsNorm(string name, int width, float epsilon, torch.Device device)
    {
        _name = name;
        _epsilon = epsilon;
        _gain = torch.empty([width], torch.ScalarType.Float32, device);
    }

    /// <summary>Bytes that a forward reads.</summary>
    public long Bytes => _gain.NumberOfElements * sizeof(float);

    /// <summary>Root mean square of the gain: that of what it normalizes.</summary>
    public float Scale()
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return (float)_gain.to(torch.ScalarType.Float64).square().mean().sqrt().item<double>();
    }

    /// <summary>Fills the gain.</summary>
    public void Read(WeightReader reader) => reader.Vector(_name, _gain, 0, (int)_gain.NumberOfElements);

    /// <summary>Normalizes f32 values [.., width].</summary>
    public Tensor Apply(Tensor values)
    {
        using var scope = torch.NewDisposeScope();
        var scale = values.square().mean([-1], keepdim: true).add_(_epsilon).rsqrt_();
        return values.mul(scale).mul_(_gain).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _gain.Dispose();
}
