using Atlas.Compute.Cpu.Attention;
using Atlas.Compute.Cpu.Cache;
using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Benchmarks.Cases;

/// <summary>
/// A cache of many layers with a filled context and pending rows behind it, and their queries. Every call attends over the next layer's keys
/// and values. The one place where benchmarks touch the cache.
/// </summary>
internal sealed unsafe class AttentionCase : IDisposable
{
    private readonly ModelConfig _config;
    private readonly SequenceSlots _slots;
    private readonly PlanRows _rows;
    private readonly AttentionJob _job;
    private readonly AlignedBuffer<float> _queries;
    private readonly AlignedBuffer<float> _attended;
    private int _layer;

    /// <param name="pool">Threads.</param>
    /// <param name="shape">Heads, head width and number of layers.</param>
    /// <param name="format">Weight format of the decoder, which decides that of the cache: f32 beside f32, else bf16.</param>
    /// <param name="context">Committed tokens.</param>
    /// <param name="parents">Parent of each pending row among them; -1 for none.</param>
    public AttentionCase(WorkerPool pool, ModelConfig shape, WeightFormat format, int context, int[] parents)
    {
        _config = shape;
        int rows = Math.Max(context, parents.Length);
        var options = new DecoderOptions { Format = format, MaxRows = rows, MaxPending = rows, ContextLength = shape.ContextLength };
        _slots = new SequenceSlots(shape, options);
        _rows = new PlanRows(shape, options, _slots);
        var sequence = _slots.Open();
        using var values = RandomFloats.Buffer(2L * _slots.Cache.Width, 1);
        for (int layer = 0; layer < shape.Layers; layer++)
            for (int head = 0; head < shape.KvHeads; head++)
                for (int at = 0; at < _slots.Cache.Rows; at++)
                    _slots.Cache.Write(sequence.Slot, layer, head, at, values.Pointer, values.Pointer + _slots.Cache.Width);
        Plan(sequence, [.. Enumerable.Range(-1, context)]);
        sequence.CommitChain(context);
        Plan(sequence, parents);
        _job = new AttentionJob(shape, CpuKernels.Best, pool, _rows, _slots.Cache);
        _queries = RandomFloats.Buffer((long)parents.Length * shape.Heads * _slots.Cache.Width, 1);
        _attended = new AlignedBuffer<float>((long)parents.Length * RowBlock.Padded(shape.QueryWidth));
    }

    /// <summary>Attention of all pending rows over the next layer.</summary>
    public void Run()
    {
        // [key/value head][row][query head of its group][width].
        var queries = new RowBlock(_queries.Pointer, _queries.Length / _config.KvHeads);
        _job.Run(_layer, queries, RowBlock.Over(_attended, _config.QueryWidth));
        _layer = (_layer + 1) % _config.Layers;
    }

    public void Dispose()
    {
        _job.Dispose();
        _rows.Dispose();
        _slots.Dispose();
        _queries.Dispose();
        _attended.Dispose();
    }

    private void Plan(CpuSequence sequence, int[] parents)
    {
        var plan = new BatchPlan();
        plan.Begin(sequence);
        foreach (int parent in parents) plan.Add(0, parent, output: false);
        _rows.Resolve(plan);
    }
}
