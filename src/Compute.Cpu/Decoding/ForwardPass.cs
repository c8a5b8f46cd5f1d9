using Atlas.Compute.Cpu.Attention;
using Atlas.Compute.Cpu.Cache;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Results;
using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Weights;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>The transformer over the rows of a plan, with its activations. Reused by every forward; allocates only when made.</summary>
internal sealed unsafe class ForwardPass : IDisposable
{
    private readonly PlanRows _rows;
    private readonly RotaryTable _rotary;
    private readonly List<AlignedBuffer<float>> _buffers = [];
    private readonly RowBlock _residual;
    private readonly RowBlock _normed;
    private readonly RowBlock _product;
    private readonly RowBlock _projections;
    private readonly RowBlock _queries;
    private readonly RowBlock _attended;
    private readonly RowBlock _gateUp;
    private readonly RowBlock _gated;
    private readonly EmbeddingJob _embedding;
    private readonly NormJob _norm;
    private readonly LinearJob _linear;
    private readonly CacheWriteJob _cacheWrite;
    private readonly AttentionJob _attention;

    /// <summary>Room for the options' rows.</summary>
    public ForwardPass(ModelConfig config, DecoderOptions options, CpuKernels kernels, WorkerPool pool, SequenceSlots slots)
    {
        _rows = new PlanRows(config, options, slots);
        _rotary = new RotaryTable(config.Rope, config.HeadDim, options.ContextLength);
        RowBlock Rows(int width)
        {
            _buffers.Add(new AlignedBuffer<float>((long)options.MaxRows * RowBlock.Padded(width)));
            return RowBlock.Over(_buffers[^1], width);
        }
        _residual = Rows(config.HiddenSize);
        _normed = Rows(config.HiddenSize);
        _product = Rows(config.HiddenSize);
        _projections = Rows(RowBlock.Padded(config.QueryWidth) + 2 * RowBlock.Padded(config.KvWidth));
        int queryWidth = config.Heads / config.KvHeads * slots.Cache.Width;
        _buffers.Add(new AlignedBuffer<float>((long)config.KvHeads * options.MaxRows * queryWidth));
        _queries = new RowBlock(_buffers[^1].Pointer, (long)options.MaxRows * queryWidth);
        _attended = Rows(config.QueryWidth);
        _gateUp = Rows(2 * RowBlock.Padded(config.IntermediateSize));
        _gated = Rows(config.IntermediateSize);
        _embedding = new EmbeddingJob(pool, _rows);
        _norm = new NormJob(kernels, pool, config.HiddenSize, config.NormEpsilon);
        int widest = Math.Max(Math.Max(config.HiddenSize, config.QueryWidth), config.IntermediateSize);
        _linear = new LinearJob(kernels, pool, new QuantizeJob(kernels, pool, options.MaxRows, widest));
        _cacheWrite = new CacheWriteJob(config, kernels, pool, _rows, slots.Cache, _rotary);
        _attention = new AttentionJob(config, kernels, pool, _rows, slots.Cache);
    }

    /// <summary>Computes the plan's rows and writes hidden states and logits of the wanted ones.</summary>
    public void Run(BatchPlan plan, DecoderWeights weights, OutputRows outputs)
    {
        _rows.Resolve(plan);
        _embedding.Run(weights.Embedding, _residual);
        for (int layer = 0; layer < weights.Layers.Length; layer++)
        {
            Attend(weights.Layers[layer], layer);
            FeedForward(weights.Layers[layer]);
        }
        outputs.Begin(plan.Outputs);
        if (outputs.Count == 0) return;
        _norm.RunPicked(weights.FinalNorm, _residual, outputs.Hidden, outputs.PlanRows, outputs.Count);
        _linear.Apply(weights.Head, outputs.Hidden, outputs.Logits, outputs.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _rotary.Dispose();
        _attention.Dispose();
        _linear.Dispose();
        foreach (var buffer in _buffers) buffer.Dispose();
    }

    private void Attend(LayerWeights weights, int layer)
    {
        _norm.Run(weights.AttentionNorm, _residual, _normed, _rows.Count);
        _linear.Apply(weights.Qkv, _normed, _projections, _rows.Count);
        _cacheWrite.Run(weights, layer, _projections, _queries);
        _attention.Run(layer, _queries, _attended);
        _linear.AddTo(weights.Output, _attended, _product, _residual, _rows.Count);
    }

    private void FeedForward(LayerWeights weights)
    {
        _norm.Run(weights.FeedForwardNorm, _residual, _normed, _rows.Count);
        _linear.ApplyGated(weights.GateUp, _normed, _gateUp, _gated, _rows.Count);
        _linear.AddTo(weights.Down, _gated, _product, _residual, _rows.Count);
    }
}
