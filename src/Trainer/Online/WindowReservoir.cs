namespace Atlas.Trainer.Online;

/// <summary>
/// A uniform sample of all windows ever offered (Vitter, "Random sampling with a reservoir", 1985, algorithm R): what keeps older domains from
/// being forgotten.
/// </summary>
internal sealed class WindowReservoir(int capacity, Random random)
{
    private readonly List<ReplayWindow> _windows = new(capacity);

    /// <summary>Windows held.</summary>
    public int Count => _windows.Count;

    /// <summary>Windows offered so far.</summary>
    public long Offered { get; private set; }

    /// <summary>A window.</summary>
    public ReplayWindow this[int index] => _windows[index];

    /// <summary>Offers a window; returns the one that is free now, this one or another, or null where it was kept in an empty place.</summary>
    public ReplayWindow? Offer(ReplayWindow window)
    {
        Offered++;
        if (_windows.Count < capacity)
        {
            _windows.Add(window);
            return null;
        }
        long place = random.NextInt64(Offered);
        if (place >= capacity) return window;
        var left = _windows[(int)place];
        _windows[(int)place] = window;
        return left;
    }

    /// <summary>Forgets all windows.</summary>
    public void Clear()
    {
        _windows.Clear();
        Offered = 0;
    }
}
