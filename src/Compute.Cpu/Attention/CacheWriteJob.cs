using Atlas.Compute.Cpu.Cache;
using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Weights;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Attention;

/// <summary>
/// Splits each row's projections into heads: norms and rotates queries and keys, and writes keys and values into the cache.
/// </summary>
internal sealed unsafe class CacheWriteJob(ModelConfig config, CpuKernels kernels, WorkerPool pool, PlanRows rows, KvCache cache, RotaryTable rotary)
    : RowWiseJob(pool)
{
    private readonly int _keyColumn = RowBlock.Padded(config.QueryWidth);
    private readonly int _valueColumn = RowBlock.Padded(config.QueryWidth) + RowBlock.Padded(config.KvWidth);
    private LayerWeights? _weights;
    private int _layer;
    private RowBlock _projections;
    private RowBlock _queries;

    /// <summary>Writes the queries, [key/value head][row][query head of its group][padded width], and the cache rows of a layer.</summary>
    public void Run(LayerWeights weights, int layer, RowBlock projections, RowBlock queries)
    {
        _weights = weights;
        _layer = layer;
        _projections = projections;
        _queries = queries;
        rotary.Reach(rows.LastPosition);
        RunRows(rows.Count);
    }

    /// <inheritdoc/>
    protected override void Process(int row)
    {
        ref readonly var place = ref rows[row];
        float* source = _projections.Row(row);
        float* queryNorm = _weights!.QueryNorm is { } q ? q.Pointer : null;
        float* keyNorm = _weights.KeyNorm is { } k ? k.Pointer : null;
        int group = config.Heads / config.KvHeads;
        float* key = stackalloc float[2 * cache.Width];
        float* value = key + cache.Width;
        for (int head = 0; head < config.KvHeads; head++)
        {
            float* queries = _queries.Row(head) + (long)row * group * cache.Width;
            for (int i = 0; i < group; i++)
                PlaceRotated(source + (head * group + i) * config.HeadDim, queryNorm, place.Position, queries + i * cache.Width);
            int column = head * config.HeadDim;
            PlaceRotated(source + _keyColumn + column, keyNorm, place.Position, key);
            Place(source + _valueColumn + column, value);
            cache.Write(place.Slot, _layer, head, place.Committed + place.Pending, key, value);
        }
    }

    private void PlaceRotated(float* source, float* norm, int position, float* destination)
    {
        Place(source, destination);
        if (norm is not null) kernels.RmsNorm(destination, norm, config.HeadDim, config.NormEpsilon, destination);
        kernels.Rotate(destination, rotary.Cosines(position), rotary.Sines(position), rotary.Pairs);
    }

    private void Place(float* source, float* destination)
    {
        new ReadOnlySpan<float>(source, config.HeadDim).CopyTo(new Span<float>(destination, config.HeadDim));
        new Span<float>(destination + config.HeadDim, cache.Width - config.HeadDim).Clear();
    }
}
