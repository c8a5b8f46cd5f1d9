using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>A linear layer, or several stacked ones that read the same input: matrix [outputs, inputs] and bias [outputs] of one element type.</summary>
internal sealed class Projection : IDisposable
{
    private readonly WeightPart[] _parts;

    /// <summary>Allocates the layer; <see cref="Read"/> fills it.</summary>
    public Projection(int inputs, bool bias, torch.ScalarType type, torch.Device device, params WeightPart[] parts)
    {
        _parts = parts;
        int outputs = parts.Sum(p => p.Rows);
        Matrix = torch.empty([outputs, inputs], type, device);
        Bias = bias ? torch.empty([outputs], type, device) : null;
    }

    /// <summary>The matrix: also an embedding's rows, where the head is tied to it.</summary>
    public Tensor Matrix { get; }

    /// <summary>The bias; null where the layer has none.</summary>
    public Tensor? Bias { get; }

    /// <summary>Bytes that a forward reads.</summary>
    public long Bytes => (Matrix.NumberOfElements + (Bias?.NumberOfElements ?? 0)) * Matrix.ElementSize;

    /// <summary>Fills matrix and bias.</summary>
    public void Read(WeightReader reader)
    {
        int row = 0;
        foreach (var part in _parts)
        {
            reader.Matrix(part.Name + ".weight", Matrix, row, part.Rows);
            Reorder(Matrix, row, part);
            if (Bias is not null)
            {
                reader.Vector(part.Name + ".bias", Bias, row, part.Rows);
                Reorder(Bias, row, part);
            }
            row += part.Rows;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        Bias?.Dispose();
    }

    private static void Reorder(Tensor rows, int first, WeightPart part)
    {
        if (part.TurnedHeadDim == 0) return;
        using var own = rows.narrow(0, first, part.Rows);
        HeadPairs.Interleave(own, part.TurnedHeadDim);
    }
}
