using Atlas.Modeling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Cosines and sines of the rotary positions 0 to n-1 (RoFormer, arXiv 2104.09864), computed in f64 on the host, kept in f32.</summary>
internal sealed class RotaryTable : IDisposable
{
    private readonly Tensor _cosines;
    private readonly Tensor _sines;

    /// <summary>A table for <paramref name="positions"/> positions.</summary>
    public RotaryTable(ModelConfig config, int positions, torch.Device device)
    {
        double[] frequencies = config.Rope.InverseFrequencies(config.HeadDim);
        int half = frequencies.Length;
        var cosines = new float[positions * half];
        var sines = new float[positions * half];
        for (int p = 0; p < positions; p++)
            for (int i = 0; i < half; i++)
                (sines[p * half + i], cosines[p * half + i]) = ((float, float))Math.SinCos(p * frequencies[i]);
        _cosines = torch.tensor(cosines, [positions, half]).to(device);
        _sines = torch.tensor(sines, [positions, half]).to(device);
    }

    /// <summary>Cosines and sines, each [n, 1, headDim/2], of the given positions, int64 [n].</summary>
    public (Tensor Cosines, Tensor Sines) At(Tensor positions) =>
        (_cosines.index_select(0, positions).unsqueeze(1), _sines.index_select(0, positions).unsqueeze(1));

    /// <summary>Turns heads, f32 [n, heads, headDim], by the rows of <see cref="At"/>; element i turns with element i + headDim/2.</summary>
    public static Tensor Rotate(Tensor heads, (Tensor Cosines, Tensor Sines) angles)
    {
        using var scope = torch.NewDisposeScope();
        var halves = heads.chunk(2, -1);
        var turned = torch.cat(
            [
                halves[0] * angles.Cosines - halves[1] * angles.Sines,
                halves[1] * angles.Cosines + halves[0] * angles.Sines,
            ],
            -1);
        return turned.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }
}
