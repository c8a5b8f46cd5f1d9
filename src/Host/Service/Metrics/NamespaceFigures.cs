namespace Atlas.Host.Service.Metrics;

/// <summary>Counts by namespace, of the namespaces used last; those of one that is forgotten go. Thread-safe.</summary>
/// <param name="most">Namespaces whose counts are kept, at least 1.</param>
internal sealed class NamespaceFigures(int most = 256)
{
    private static readonly (string Name, string Help, Func<NamespaceCounts, double> Read)[] Figures =
    [
        ("requests", "Completions or sessions that have ended.", counts => counts.Requests),
        ("tokens", "Tokens emitted, or committed behind prompts.", counts => counts.Tokens),
        ("spec_decode_num_drafts", "Target forwards that completions took part in, or drafts that were answered.", counts => counts.Drafts),
        ("spec_decode_num_draft_tokens", "Draft tokens verified, or answered.", counts => counts.Drafted),
        ("spec_decode_num_accepted_tokens", "Draft tokens accepted.", counts => counts.Accepted),
    ];

    private readonly Dictionary<string, NamespaceCounts> _counts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private long _uses;

    /// <summary>The counts of a namespace, to be written; new ones where there are none.</summary>
    public NamespaceCounts Of(string name)
    {
        lock (_lock)
        {
            if (!_counts.TryGetValue(name, out var counts))
            {
                if (_counts.Count >= most) _counts.Remove(_counts.MinBy(one => one.Value.LastUse).Key);
                _counts.Add(name, counts = new NamespaceCounts());
            }
            counts.LastUse = ++_uses;
            return counts;
        }
    }

    /// <summary>Drops the counts of a namespace.</summary>
    public void Forget(string name)
    {
        lock (_lock) _counts.Remove(name);
    }

    /// <summary>Figures of one namespace, as <c>stats</c> shows them; zeros where nothing is known of it.</summary>
    public IEnumerable<KeyValuePair<string, double>> Read(string name)
    {
        NamespaceCounts? counts;
        lock (_lock) _counts.TryGetValue(name, out counts);
        counts ??= new NamespaceCounts();
        return Figures.Select(figure => KeyValuePair.Create(figure.Name, figure.Read(counts)));
    }

    /// <summary>Adds the figures of all namespaces that are known at the time, each with its name as a label.</summary>
    public void AddTo(MetricSet metrics)
    {
        foreach (var figure in Figures) metrics.Counters($"namespace_{figure.Name}", figure.Help, () => Known().Select(one => Value(figure, one)));

        static MetricValue Value((string Name, string Help, Func<NamespaceCounts, double> Read) figure, KeyValuePair<string, NamespaceCounts> one) =>
            new(figure.Read(one.Value), new MetricLabel("namespace", one.Key));
    }

    private KeyValuePair<string, NamespaceCounts>[] Known()
    {
        lock (_lock) return [.. _counts];
    }
}
