using System.Globalization;

namespace Atlas.Host.Service.Metrics;

/// <summary>Counts by position in a draft, the first being 0. Written by one thread at a time, read from any.</summary>
internal sealed class PositionCounts
{
    /// <summary>Name of the figure, after vLLM's.</summary>
    public const string Name = "spec_decode_num_accepted_tokens_per_pos";

    /// <summary>What the figure says.</summary>
    public const string Help = "Draft tokens accepted, by their position in the draft.";

    // What lies behind is counted with the last.
    private const int Most = 32;

    private readonly long[] _counts = new long[Most];
    private int _used;

    /// <summary>Adds to the count of a position.</summary>
    public void Add(int position, long count)
    {
        position = Math.Min(position, Most - 1);
        Volatile.Write(ref _counts[position], _counts[position] + count);
        if (position >= _used) Volatile.Write(ref _used, position + 1);
    }

    /// <summary>The counts up to the last position that has any.</summary>
    public IEnumerable<MetricValue> Read() => Enumerable.Range(0, Volatile.Read(ref _used)).Select(position =>
        new MetricValue(Volatile.Read(ref _counts[position]), new MetricLabel("position", position.ToString(CultureInfo.InvariantCulture))));
}
