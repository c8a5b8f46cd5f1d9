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
            using var matrix = Matrix.narrow(0, row, part.Rows);
            using var columns = matrix.t();
            part.ReorderOutputs?.Invoke(matrix);
            part.ReorderInputs?.Invoke(columns);
            if (Bias is not null)
            {
                reader.Vector(part.Name + ".bias", Bias, row, part.Rows);
                using var bias = Bias.narrow(0, row, part.Rows);
                part.ReorderOutputs?.Invoke(bias);
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
}
