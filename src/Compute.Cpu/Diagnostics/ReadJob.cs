using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Diagnostics;

/// <summary>Reads a block of memory larger than any cache, each thread a contiguous share, four streams at a time.</summary>
internal sealed unsafe class ReadJob : IParallelJob, IDisposable
{
    private const long BytesPerPart = 64L << 20;
    private const int Streams = 4;

    private readonly byte* _memory;
    private readonly float[] _sinks;

    public ReadJob(int threads)
    {
        Parts = Math.Max(4, threads);
        Bytes = Parts * BytesPerPart;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, 4096);
        // Untouched pages all map to one page of zeros; these must be memory.
        for (long i = 0; i < Bytes; i += 4096) _memory[i] = 1;
        _sinks = new float[Parts * 64];
    }

    public int Parts { get; }

    public long Bytes { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int part)
    {
        byte* start = _memory + part * BytesPerPart;
        long stride = BytesPerPart / Streams;
        var a = Vector512<int>.Zero;
        var b = a;
        var c = a;
        var d = a;
        for (long i = 0; i < stride; i += 128)
        {
            byte* at = start + i;
            a ^= Vector512.LoadAligned((int*)at) ^ Vector512.LoadAligned((int*)(at + 64));
            b ^= Vector512.LoadAligned((int*)(at + stride)) ^ Vector512.LoadAligned((int*)(at + stride + 64));
            c ^= Vector512.LoadAligned((int*)(at + 2 * stride)) ^ Vector512.LoadAligned((int*)(at + 2 * stride + 64));
            d ^= Vector512.LoadAligned((int*)(at + 3 * stride)) ^ Vector512.LoadAligned((int*)(at + 3 * stride + 64));
        }
        _sinks[part * 64] = Vector512.Sum(a ^ b ^ c ^ d);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
