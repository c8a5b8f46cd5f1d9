using Atlas.Modeling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Cosine and sine of the rotary positions 0 to n-1 (RoFormer, arXiv 2104.09864) side by side, as a complex number's parts: computed in f64 on
/// the host, kept in f32 on the device.
/// </summary>
internal sealed class RotaryTable : IDisposable
{
    /// <summary>A table for <paramref name="positions"/> positions.</summary>
    public RotaryTable(ModelConfig config, int positions, torch.Device device)
    {
        double[] frequencies = config.Rope.InverseFrequencies(config.HeadDim);
        int half = frequencies.Length;
        var parts = new float[2 * positions * half];
        for (int p = 0; p < positions; p++)
            for (int i = 0; i < half; i++)
            {
                int at = 2 * (p * half + i);
                (parts[at + 1], parts[at]) = ((float, float))Math.SinCos(p * frequencies[i]);
            }
        Angles = torch.tensor(parts, [positions, half, 2]).to(device);
    }

    /// <summary>f32 [positions, headDim/2, 2].</summary>
    public Tensor Angles { get; }

    /// <inheritdoc/>
    public void Dispose() => Angles.Dispose();
}
