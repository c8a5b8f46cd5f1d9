namespace Atlas.Evaluation.Workloads;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). It is written out here
/// because shipped models and published figures depend on its stream, which must not move with the runtime's version.
/// </summary>
/// <remarks>A mutable value: pass it by reference.</remarks>
internal struct SplitMix64
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Starts a stream that is unrelated to that of any other combination of keys.</summary>
    /// <param name="keys">At least one; their order counts.</param>
    public SplitMix64(params ReadOnlySpan<ulong> keys)
    {
        foreach (ulong key in keys)
            _state = Mix(_state + Golden + Mix(key));
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += Golden);

    /// <summary>The next value in 0 to <paramref name="limit"/> - 1; the bias of at most limit / 2^64 is of no matter here.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>The generator's output function, a bijection of 64-bit values that scatters neighbours.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
