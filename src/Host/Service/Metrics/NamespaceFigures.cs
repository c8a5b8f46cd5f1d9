namespace Atlas.Host.Service.Metrics;

/// <summary>Counts by namespace, of the namespaces used last; those of one that is forgotten go. Thread-safe.</summary>
/// <param name="most">Namespaces whose counts are kept, at least 1.</param>
internal sealed class NamespaceFigures(int most = 256)
{
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
        return Figures(counts ?? new NamespaceCounts()).Select(figure => KeyValuePair.Create(figure.Name, figure.Value));
    }

    /// <summary>Adds the figures of all namespaces that are known at the time, each with its name as a label.</summary>
    public void AddTo(MetricSet metrics) => metrics.Group(() =>
    {
        KeyValuePair<string, NamespaceCounts>[] known;
        lock (_lock) known = [.. _counts];
        return known.SelectMany(one => Figures(one.Value).Select(figure =>
            new Metric($"namespace_{figure.Name}", figure.Help, true, () => figure.Value) { Labels = $"namespace=\"{Escape(one.Key)}\"" }));
    });

    private static IEnumerable<(string Name, string Help, double Value)> Figures(NamespaceCounts counts) =>
    [
        ("requests", "Completions or sessions that have ended.", counts.Requests),
        ("tokens", "Tokens emitted, or committed behind prompts.", counts.Tokens),
        ("spec_decode_num_drafts", "Target forwards that completions took part in, or drafts that were answered.", counts.Drafts),
        ("spec_decode_num_draft_tokens", "Draft tokens verified, or answered.", counts.Drafted),
        ("spec_decode_num_accepted_tokens", "Draft tokens accepted.", counts.Accepted),
    ];

    // As Prometheus' text format has it.
    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
