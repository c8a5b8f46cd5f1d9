using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Diagnostics;

/// <summary>
/// Reads a block of memory larger than any cache, in large pages where the system has them. The block is a row of chunks; each thread goes
/// forwards through chunks of its own and helps the others at the end, as the decoder's linear layers do.
/// </summary>
internal sealed unsafe class ReadJob : IParallelJob, IDisposable
{
    private const long BlockBytes = 256L << 20;
    private const int ChunkBytes = 1 << 18;
    private const int Chunks = (int)(BlockBytes / ChunkBytes);

    private readonly AlignedBuffer<byte> _memory = new(BlockBytes, dense: true);
    private readonly ParallelRanges _ranges;
    private readonly int[] _sinks;
    private readonly int _threads;
    private ReadPattern _pattern;

    /// <summary>A block in memory, for a number of threads.</summary>
    public ReadJob(int threads)
    {
        _threads = threads;
        _ranges = new ParallelRanges(threads);
        _sinks = new int[threads * 64];
        // Untouched pages all map to one page of zeros; these must be memory.
        for (long i = 0; i < BlockBytes; i += 4096) _memory.Pointer[i] = 1;
    }

    /// <summary>Bytes that a run reads.</summary>
    public static long Bytes => BlockBytes;

    /// <summary>Reads the block once.</summary>
    public void Run(WorkerPool pool, ReadPattern pattern)
    {
        _pattern = pattern;
        _ranges.Reset(Chunks, _threads);
        pool.Run(this, _threads);
    }

    /// <inheritdoc/>
    public void Execute(int part)
    {
        int sum = 0;
        while (_ranges.TryTake(part, out int chunk))
        {
            byte* start = _memory.Pointer + (long)chunk * ChunkBytes;
            sum ^= _pattern == ReadPattern.OneStream ? OneStream(start) : FourStreams(start);
        }
        _sinks[part * 64] = sum;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int OneStream(byte* at)
    {
        Vector512<int> a = default, b = default, c = default, d = default;
        for (byte* end = at + ChunkBytes; at < end; at += 256)
        {
            a ^= Vector512.LoadAligned((int*)at);
            b ^= Vector512.LoadAligned((int*)(at + 64));
            c ^= Vector512.LoadAligned((int*)(at + 128));
            d ^= Vector512.LoadAligned((int*)(at + 192));
        }
        return Vector512.Sum(a ^ b ^ c ^ d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FourStreams(byte* at)
    {
        const int Stride = ChunkBytes / 4;
        Vector512<int> a = default, b = default, c = default, d = default;
        for (byte* end = at + Stride; at < end; at += 64)
        {
            a ^= Vector512.LoadAligned((int*)at);
            b ^= Vector512.LoadAligned((int*)(at + Stride));
            c ^= Vector512.LoadAligned((int*)(at + 2 * Stride));
            d ^= Vector512.LoadAligned((int*)(at + 3 * Stride));
        }
        return Vector512.Sum(a ^ b ^ c ^ d);
    }
}
