using Atlas.Modeling.Engine;

namespace Atlas.Target;

/// <summary>Which rows of the last forward belong to which sequence. Allocates nothing once its sequences are known.</summary>
internal sealed class RowDirectory
{
    private readonly Dictionary<long, Entry> _entries = [];
    private IForwardResult? _result;
    private long _forward;

    /// <summary>A forward is planned: what is known of the last one ends.</summary>
    public void Begin()
    {
        _forward++;
        _result = null;
    }

    /// <summary>The forward has been computed.</summary>
    public void Complete(IForwardResult result) => _result = result;

    /// <summary>The sequence's last token has row <paramref name="root"/> of the planned forward, its draft the rows behind it.</summary>
    public void Add(long sequence, int root) => _entries[sequence] = new Entry(_forward, root, root);

    /// <summary>The last committed token of the sequence was in <paramref name="row"/>.</summary>
    public void Commit(long sequence, int row)
    {
        if (_entries.TryGetValue(sequence, out var entry)) _entries[sequence] = entry with { Last = row };
    }

    /// <summary>Forgets a sequence.</summary>
    public void Remove(long sequence) => _entries.Remove(sequence);

    /// <summary>The sequence's rows of the last forward.</summary>
    public bool TryGet(long sequence, out TargetRows rows)
    {
        bool found = _entries.TryGetValue(sequence, out var entry) && entry.Forward == _forward && _result is not null;
        rows = found ? new TargetRows(_result!, entry.Root, entry.Last) : default;
        return found;
    }

    private readonly record struct Entry(long Forward, int Root, int Last);
}
