using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Weights;
using Atlas.Modeling;

namespace Atlas.Benchmarks.Cases;

/// <summary>
/// Linear layers of one shape, as many as fill a working set, and rows to put through them. Every call takes the next layer, as a decode step
/// does, so its weights are in no cache. The one place where benchmarks touch packed matrices.
/// </summary>
internal sealed class LinearCase : IDisposable
{
    private readonly LinearLayer[] _layers;
    private readonly LinearJob _job;
    private readonly AlignedBuffer<float> _x;
    private readonly AlignedBuffer<float> _y;
    private readonly int _inputs;
    private readonly int _rows;
    private int _next;

    public LinearCase(WorkerPool pool, WeightFormat format, int inputs, int outputs, int rows, long workingSet)
    {
        _inputs = inputs;
        _rows = rows;
        var source = new RandomWeights(Shape(inputs, outputs), 1);
        string name = DecoderTensors.Layer(0, "mlp.gate_proj.weight");
        var matrices = new List<PackedMatrix>();
        do matrices.Add(new PackedMatrix(format, inputs, PackedMatrix.RowsOf(name, outputs)));
        while (matrices.Sum(matrix => matrix.Bytes) < workingSet);
        PackJob.Run(pool, source, matrices);
        _layers = [.. matrices.Select(matrix => new LinearLayer(matrix, null))];
        _job = new LinearJob(CpuKernels.Best, pool, new QuantizeJob(CpuKernels.Best, pool, rows, inputs));
        _x = RandomFloats.Buffer((long)rows * RowBlock.Padded(inputs), 1);
        _y = RandomFloats.Buffer((long)rows * RowBlock.Padded(outputs), 2);
    }

    /// <summary>Bytes of one packed layer.</summary>
    public static double Bytes(WeightFormat format, int inputs, int outputs) => CpuKernels.PanelBytes(format, inputs) * (double)((outputs + 15) / 16);

    /// <summary>y = x W' with the next layer.</summary>
    public void Run()
    {
        var layer = _layers[_next];
        _next = (_next + 1) % _layers.Length;
        _job.Apply(layer, RowBlock.Over(_x, _inputs), RowBlock.Over(_y, layer.Matrix.Columns), _rows);
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        _job.Dispose();
        _x.Dispose();
        _y.Dispose();
    }

    private static ModelConfig Shape(int inputs, int outputs) => new()
    {
        ModelType = "llama",
        VocabularySize = 1,
        HiddenSize = inputs,
        IntermediateSize = outputs,
        Layers = 1,
        Heads = 1,
        KvHeads = 1,
        HeadDim = 2,
        ContextLength = 1,
    };
}
