using Atlas.Compute.Cpu.Memory;

namespace Atlas.Benchmarks.Cases;

/// <summary>Operands with content: zeros and denormal numbers may take another time than what a model holds.</summary>
internal static unsafe class RandomFloats
{
    /// <summary>A new buffer of numbers between -1 and 1.</summary>
    public static AlignedBuffer<float> Buffer(long count, int seed)
    {
        var buffer = new AlignedBuffer<float>(count);
        Fill(buffer.Pointer, count, seed);
        return buffer;
    }

    /// <summary>Overwrites memory with numbers between -1 and 1.</summary>
    public static void Fill(float* destination, long count, int seed)
    {
        var random = new Random(seed);
        for (long i = 0; i < count; i++) destination[i] = 2 * random.NextSingle() - 1;
    }
}
