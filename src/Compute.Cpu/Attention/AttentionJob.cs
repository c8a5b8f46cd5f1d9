using Atlas.Compute.Cpu.Cache;
using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Attention;

/// <summary>
/// Attention of all rows over one layer's cache. Parts are threads, each with its scratch; they share out the (block of rows, key/value head)
/// items and help each other at the end, since blocks differ in length.
/// </summary>
internal sealed unsafe class AttentionJob : IParallelJob, IDisposable
{
    // Below this many multiply-adds in all, one thread is faster.
    private const long LeastWork = 64 * 1024;

    private readonly ModelConfig _config;
    private readonly CpuKernels _kernels;
    private readonly WorkerPool _pool;
    private readonly PlanRows _rows;
    private readonly KvCache _cache;
    private readonly AlignedBuffer<float> _scratch;
    private readonly ParallelRanges _ranges;
    private readonly int _group;
    private readonly int _queries;
    private readonly int _scoreStride;
    private RowBlock _queryRows;
    private RowBlock _attended;
    private int _layer;

    /// <summary>A job over a decoder's cache.</summary>
    public AttentionJob(ModelConfig config, CpuKernels kernels, WorkerPool pool, PlanRows rows, KvCache cache)
    {
        _config = config;
        _kernels = kernels;
        _pool = pool;
        _rows = rows;
        _cache = cache;
        _ranges = new ParallelRanges(pool.Threads);
        _group = config.Heads / config.KvHeads;
        _queries = rows.MaxBlockRows * _group;
        // An odd number of cache lines, so that the queries' scores do not compete for the same cache sets.
        _scoreStride = cache.Rows + 16 | 16;
        _scratch = new AlignedBuffer<float>((long)pool.Threads * ScratchFloats);
    }

    private long ScratchFloats => (long)_queries * (_cache.Width + _scoreStride);

    /// <summary>Writes each row's attention output, [row][head][head width].</summary>
    public void Run(int layer, RowBlock queries, RowBlock attended)
    {
        _layer = layer;
        _queryRows = queries;
        _attended = attended;
        long work = _rows.AttendedRows * _config.Heads * _cache.Width * 2;
        int parts = work < LeastWork ? 1 : _pool.Threads;
        _ranges.Reset(_rows.Blocks.Length * _config.KvHeads, parts);
        _pool.Run(this, parts);
    }

    /// <inheritdoc/>
    public void Execute(int part)
    {
        float* scratch = _scratch.Pointer + part * ScratchFloats;
        while (_ranges.TryTake(part, out int item))
            Attend(_rows.Blocks[item / _config.KvHeads], item % _config.KvHeads, scratch);
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    private void Attend(RowSpan block, int head, float* scratch)
    {
        var rows = stackalloc AttentionRow[block.Count];
        for (int i = 0; i < block.Count; i++) rows[i] = View(block.First + i);
        int slot = _rows[block.First].Slot;
        _kernels.Attend(_cache.Format, new AttentionOperands
        {
            Queries = _queryRows.Row(head) + (long)block.First * _group * _cache.Width,
            Group = _group,
            Rows = rows,
            RowCount = block.Count,
            Keys = _cache.Keys(slot, _layer, head),
            KeyPanelBytes = _cache.KeyPanelBytes,
            Values = _cache.Values(slot, _layer, head),
            ValuePanelBytes = _cache.ValuePanelBytes,
            Width = _cache.Width,
            Scale = 1f / MathF.Sqrt(_config.HeadDim),
            Scores = scratch + (long)_queries * _cache.Width,
            ScoreStride = _scoreStride,
            Output = scratch,
        });
        for (int query = 0; query < block.Count * _group; query++)
        {
            float* target = _attended.Row(block.First + query / _group) + (head * _group + query % _group) * _config.HeadDim;
            new ReadOnlySpan<float>(scratch + (long)query * _cache.Width, _config.HeadDim).CopyTo(new Span<float>(target, _config.HeadDim));
        }
    }

    private AttentionRow View(int row)
    {
        ref readonly var place = ref _rows[row];
        int window = _config.Window(_layer);
        return new AttentionRow
        {
            From = window == 0 ? 0 : Math.Max(0, place.Position + 1 - window),
            Dense = place.Dense,
            Count = place.Position + 1,
            Path = _rows.Path(row) + (place.Dense - place.Committed),
        };
    }
}
