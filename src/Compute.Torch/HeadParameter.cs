using Atlas.Modeling;
using Atlas.Modeling.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// A weight of a head that learns, in f32 on the device, with its gradient and both moments of AdamW; one checkpoint tensor, or several
/// stacked by their outermost dimension. Gradient and moments take memory only where something learns.
/// </summary>
internal sealed class HeadParameter : IDisposable
{
    private readonly TensorShape[] _parts;
    private Tensor? _gradient;
    private Tensor? _first;
    private Tensor? _second;

    /// <summary>Zeros, until <see cref="Read(IWeightSource)"/> fills them.</summary>
    /// <param name="device">Where it lies.</param>
    /// <param name="parts">The checkpoint's tensors, of one width.</param>
    public HeadParameter(torch.Device device, params TensorShape[] parts)
    {
        _parts = parts;
        long[] shape = [.. parts[0].Shape.Select(d => (long)d)];
        shape[0] = parts.Sum(p => p.Shape[0]);
        Weight = torch.zeros(shape, torch.ScalarType.Float32, device).DetachFromDisposeScope();
        Weight.requires_grad = true;
    }

    /// <summary>The weights: a leaf of the graph.</summary>
    public Tensor Weight { get; }

    /// <summary>Accumulated gradient.</summary>
    public Tensor Gradient => _gradient ??= Zeros();

    /// <summary>First moment.</summary>
    public Tensor First => _first ??= Zeros();

    /// <summary>Second moment.</summary>
    public Tensor Second => _second ??= Zeros();

    /// <summary>Whether weight decay applies: to matrices.</summary>
    public bool Decays => _parts[0].Shape.Count > 1;

    /// <summary>Reads the weights; the source has been checked.</summary>
    public void Read(IWeightSource source) => Read(source, Weight, name => name);

    /// <summary>Reads both moments; the source has been checked.</summary>
    public void ReadMoments(IWeightSource source)
    {
        Read(source, First, OptimizerTensors.FirstMoment);
        Read(source, Second, OptimizerTensors.SecondMoment);
    }

    /// <summary>Writes the weights.</summary>
    public void Write(IWeightSink sink) => Write(sink, Weight, name => name);

    /// <summary>Writes both moments.</summary>
    public void WriteMoments(IWeightSink sink)
    {
        Write(sink, First, OptimizerTensors.FirstMoment);
        Write(sink, Second, OptimizerTensors.SecondMoment);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weight.Dispose();
        _gradient?.Dispose();
        _first?.Dispose();
        _second?.Dispose();
    }

    private Tensor Zeros()
    {
        using var noGrad = torch.no_grad();
        return torch.zeros_like(Weight).DetachFromDisposeScope();
    }

    private void Read(IWeightSource source, Tensor destination, Func<string, string> name)
    {
        using var noGrad = torch.no_grad();
        var reader = new WeightReader(source);
        int row = 0;
        foreach (var part in _parts)
        {
            if (part.Shape.Count == 1) reader.Vector(name(part.Name), destination, row, part.Shape[0]);
            else reader.Matrix(name(part.Name), destination, row, part.Shape[0]);
            row += part.Shape[0];
        }
    }

    private void Write(IWeightSink sink, Tensor source, Func<string, string> name)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        float[] values = source.cpu().data<float>().ToArray();
        int first = 0;
        foreach (var part in _parts)
        {
            int count = (int)part.Elements;
            sink.Write(name(part.Name), part.Shape.ToArray(), values.AsSpan(first, count));
            first += count;
        }
    }
}
