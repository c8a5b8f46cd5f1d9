namespace Atlas.Trainer.Online;

/// <summary>The newest windows, a bounded number of them. Windows change hands and are never copied.</summary>
internal sealed class WindowRing(int capacity)
{
    private readonly ReplayWindow[] _windows = new ReplayWindow[capacity];
    private int _next;

    /// <summary>Windows held.</summary>
    public int Count { get; private set; }

    /// <summary>A window; their order is not that of arrival.</summary>
    public ReplayWindow this[int index] => _windows[index];

    /// <summary>Takes a window; returns the one that had to leave for it, or null.</summary>
    public ReplayWindow? Add(ReplayWindow window)
    {
        var left = Count == capacity ? _windows[_next] : null;
        _windows[_next] = window;
        _next = (_next + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
        return left;
    }

    /// <summary>The <paramref name="newest"/>-th newest window, 0 for the newest.</summary>
    public ReplayWindow Newest(int newest) => _windows[(_next - 1 - newest + 2 * capacity) % capacity];

    /// <summary>Forgets all windows.</summary>
    public void Clear()
    {
        Array.Clear(_windows);
        Count = 0;
        _next = 0;
    }
}
