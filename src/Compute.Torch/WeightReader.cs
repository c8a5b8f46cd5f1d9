using Atlas.Modeling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Copies tensors of a weight source into tensors on the device, slice by slice, so that the host never holds a whole matrix. Conversion to
/// the destination's element type rounds to nearest even.
/// </summary>
internal sealed class WeightReader(IWeightSource source)
{
    private const int SliceElements = 1 << 22;

    /// <summary>Throws unless the source has every expected tensor, each of its size.</summary>
    public void Check(IEnumerable<TensorShape> tensors)
    {
        foreach (var expected in tensors)
        {
            if (!source.Contains(expected.Name))
                throw new CheckpointException($"{source.Description}: tensor {expected.Name} is missing; expected {Show(expected.Shape)}");
            var found = source.Describe(expected.Name);
            if (!found.Shape.SequenceEqual(expected.Shape))
                throw new CheckpointException(
                    $"{source.Description}: tensor {expected.Name} is {Show(found.Shape)}; expected {Show(expected.Shape)}");
        }
    }

    /// <summary>Copies a vector to elements <paramref name="first"/> and following of a vector.</summary>
    public void Vector(string name, Tensor destination, int first, int length)
    {
        var values = new float[length];
        source.Read(name, values);
        using var host = torch.tensor(values);
        using var part = destination.narrow(0, first, length);
        part.copy_(host).Dispose();
    }

    /// <summary>Copies a matrix to rows <paramref name="firstRow"/> and following of a matrix of the same width.</summary>
    public void Matrix(string name, Tensor destination, int firstRow, int rows)
    {
        int width = (int)destination.shape[1];
        int step = Math.Clamp(SliceElements / width, 1, rows);
        for (int row = 0; row < rows; row += step)
        {
            int count = Math.Min(step, rows - row);
            var values = new float[count * width];
            source.ReadRows(name, row, values);
            using var host = torch.tensor(values, [count, width]);
            using var part = destination.narrow(0, firstRow + row, count);
            part.copy_(host).Dispose();
        }
    }

    private static string Show(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";
}
