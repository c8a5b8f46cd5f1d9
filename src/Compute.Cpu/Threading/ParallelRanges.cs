namespace Atlas.Compute.Cpu.Threading;

/// <summary>
/// Shares out the numbers 0 to n - 1: each part goes through a range of its own in order, and then takes what the others have left. Taking is
/// thread-safe; resetting is not.
/// </summary>
internal sealed class ParallelRanges(int maxParts)
{
    // Counters on cache lines of their own, so that parts do not disturb each other.
    private const int Spacing = 32;

    private readonly int[] _next = new int[maxParts * Spacing];
    private readonly int[] _ends = new int[maxParts];
    private int _parts;

    /// <summary>Begins anew with <paramref name="count"/> numbers in <paramref name="parts"/> ranges of about the same size.</summary>
    public void Reset(int count, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, maxParts);
        _parts = parts;
        for (int part = 0; part < parts; part++)
        {
            _next[part * Spacing] = (int)((long)count * part / parts);
            _ends[part] = (int)((long)count * (part + 1) / parts);
        }
    }

    /// <summary>The next number for <paramref name="part"/>; false when none is left anywhere.</summary>
    public bool TryTake(int part, out int number)
    {
        for (int i = 0; i < _parts; i++)
        {
            int range = part + i < _parts ? part + i : part + i - _parts;
            ref int next = ref _next[range * Spacing];
            if (Volatile.Read(ref next) >= _ends[range]) continue;
            number = Interlocked.Increment(ref next) - 1;
            if (number < _ends[range]) return true;
        }
        number = 0;
        return false;
    }
}
