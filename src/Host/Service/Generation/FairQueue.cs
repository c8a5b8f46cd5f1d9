using System.Diagnostics.CodeAnalysis;

namespace Atlas.Host.Service.Generation;

/// <summary>
/// A queue that shares among namespaces: start-time fair queueing (Goyal, Vin and Cheng 1996). Every namespace has a line of its own, and the
/// line that has been given least so far, by cost, is served next; one that was empty begins where the others are and has saved nothing up.
/// Within a line the order of arrival holds. Not thread-safe.
/// </summary>
internal sealed class FairQueue<T>
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private double _now;

    /// <summary>Items that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Appends an item to its namespace's line.</summary>
    /// <param name="name">The namespace.</param>
    /// <param name="cost">What serving it takes, in any unit, above 0.</param>
    /// <param name="item">The item.</param>
    public void Enqueue(string name, double cost, T item)
    {
        if (!_lines.TryGetValue(name, out var line)) _lines.Add(name, line = new Line());
        if (line.Waiting.Count == 0) line.Start = Math.Max(line.Start, _now);
        line.Waiting.AddLast((cost, item));
        Count++;
    }

    /// <summary>Takes the item whose turn it is.</summary>
    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        Line? next = null;
        foreach (var (_, line) in _lines)
            if (line.Waiting.Count > 0 && (next is null || line.Start < next.Start))
                next = line;
        if (next is null)
        {
            item = default;
            return false;
        }
        (double cost, item) = next.Waiting.First!.Value;
        next.Waiting.RemoveFirst();
        _now = next.Start;
        next.Start += cost;
        Count--;
        if (Count == 0) Rest();
        return true;
    }

    /// <summary>Removes all items that are to go; returns how many.</summary>
    public int Remove(Predicate<T> goes)
    {
        int removed = 0;
        foreach (var (_, line) in _lines)
            for (var node = line.Waiting.First; node is not null;)
            {
                var following = node.Next;
                if (goes(node.Value.Item))
                {
                    line.Waiting.Remove(node);
                    removed++;
                }
                node = following;
            }
        Count -= removed;
        return removed;
    }

    // Lines that owe nothing need not be remembered.
    private void Rest()
    {
        foreach (string name in _lines.Where(line => line.Value.Start <= _now).Select(line => line.Key).ToArray()) _lines.Remove(name);
        const int most = 4096;
        if (_lines.Count > most) _lines.Clear();
    }

    private sealed class Line
    {
        public LinkedList<(double Cost, T Item)> Waiting { get; } = new();

        public double Start { get; set; }
    }
}
