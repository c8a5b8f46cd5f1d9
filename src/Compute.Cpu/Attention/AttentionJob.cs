using Atlas.Compute.Cpu.Cache;
using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Attention;

/// <summary>
/// Attention of all rows over one layer's cache. Parts are threads, each with its scratch; they draw (row, key/value head) items from a
/// shared counter, since rows differ in length.
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
    private readonly int _scratchFloats;
    private RowBlock _queries;
    private RowBlock _attended;
    private int _layer;
    private int _next;

    /// <summary>A job over a decoder's cache.</summary>
    public AttentionJob(ModelConfig config, CpuKernels kernels, WorkerPool pool, PlanRows rows, KvCache cache)
    {
        _config = config;
        _kernels = kernels;
        _pool = pool;
        _rows = rows;
        _cache = cache;
        _scratchFloats = cache.Width + RowBlock.Padded(cache.Rows);
        _scratch = new AlignedBuffer<float>((long)pool.Threads * _scratchFloats);
    }

    /// <summary>Writes each row's attention output, [row][head][head width].</summary>
    public void Run(int layer, RowBlock queries, RowBlock attended)
    {
        _layer = layer;
        _queries = queries;
        _attended = attended;
        _next = 0;
        long work = _rows.AttendedRows * _config.Heads * _cache.Width * 2;
        _pool.Run(this, work < LeastWork ? 1 : _pool.Threads);
    }

    /// <inheritdoc/>
    public void Execute(int part)
    {
        float* scratch = _scratch.Pointer + (long)part * _scratchFloats;
        int items = _rows.Count * _config.KvHeads;
        for (int item = Interlocked.Increment(ref _next) - 1; item < items; item = Interlocked.Increment(ref _next) - 1)
            Attend(item / _config.KvHeads, item % _config.KvHeads, scratch);
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    private void Attend(int row, int kvHead, float* scratch)
    {
        ref readonly var place = ref _rows[row];
        int window = _config.Window(_layer);
        int from = window == 0 ? 0 : Math.Max(0, place.Position + 1 - window);
        int skippedPending = Math.Max(0, from - place.Committed);
        var operands = new AttentionOperands
        {
            Keys = _cache.Keys(place.Slot, _layer, kvHead),
            Values = _cache.Values(place.Slot, _layer, kvHead),
            Width = _cache.Width,
            CommittedFrom = Math.Min(from, place.Committed),
            Committed = Math.Max(0, place.Committed - from),
            Path = _rows.Path(row) + skippedPending,
            PathLength = place.PathLength - skippedPending,
            Scale = 1f / MathF.Sqrt(_config.HeadDim),
            Scores = scratch + _cache.Width,
            Output = scratch,
        };
        int group = _config.Heads / _config.KvHeads;
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            operands.Query = _queries.Row(row) + head * _cache.Width;
            _kernels.Attend(operands);
            new ReadOnlySpan<float>(scratch, _config.HeadDim)
                .CopyTo(new Span<float>(_attended.Row(row) + head * _config.HeadDim, _config.HeadDim));
        }
    }
}
