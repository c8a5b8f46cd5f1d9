using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// A linear layer, or several stacked ones that read the same input: matrix [outputs, inputs] in the decoder's element type, bias in f32.
/// </summary>
internal sealed class Projection : IDisposable
{
    private readonly WeightPart[] _parts;
    private readonly Tensor _matrix;
    private readonly Tensor? _bias;

    /// <summary>Allocates the layer; <see cref="Read"/> fills it.</summary>
    public Projection(int inputs, bool bias, torch.ScalarType type, torch.Device device, params WeightPart[] parts)
    {
        _parts = parts;
        Outputs = parts.Sum(p => p.Rows);
        _matrix = torch.empty([Outputs, inputs], type, device);
        _bias = bias ? torch.empty([Outputs], torch.ScalarType.Float32, device) : null;
    }

    /// <summary>Width of the result.</summary>
    public int Outputs { get; }

    /// <summary>The matrix itself: an embedding's rows, where the head is tied to it.</summary>
    public Tensor Matrix => _matrix;

    /// <summary>Bytes that a forward reads.</summary>
    public long Bytes => _matrix.NumberOfElements * _matrix.ElementSize + (_bias is null ? 0 : _bias.NumberOfElements * sizeof(float));

    /// <summary>Fills matrix and bias.</summary>
    public void Read(WeightReader reader)
    {
        int row = 0;
        foreach (var part in _parts)
        {
            reader.Matrix(part.Name + ".weight", _matrix, row, part.Rows);
            if (_bias is not null) reader.Vector(part.Name + ".bias", _bias, row, part.Rows);
            row += part.Rows;
        }
    }

    /// <summary>Rows [n, inputs] of any element type to rows [n, outputs] in f32. The product itself has the matrix's element type.</summary>
    public Tensor Apply(Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        var product = torch.nn.functional.linear(rows.to(_matrix.dtype), _matrix).to(torch.ScalarType.Float32);
        return (_bias is null ? product : product.add(_bias)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _matrix.Dispose();
        _bias?.Dispose();
    }
}
