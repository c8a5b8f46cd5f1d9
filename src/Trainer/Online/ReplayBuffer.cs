using Atlas.Modeling.Training;

namespace Atlas.Trainer.Online;

/// <summary>
/// What one namespace learns from and is tested on: the newest windows, a reservoir of all older ones, and held-out ones, which nothing is
/// learned from. Bounded; windows are reused.
/// </summary>
internal sealed class ReplayBuffer
{
    private readonly OnlineTrainerOptions _options;
    private readonly int _width;
    private readonly Random _random;
    private readonly WindowRing _recent;
    private readonly WindowReservoir _reservoir;
    private readonly Stack<ReplayWindow> _free = new();

    public ReplayBuffer(OnlineTrainerOptions options, int width, Random random)
    {
        _options = options;
        _width = width;
        _random = random;
        _recent = new WindowRing(options.RecentWindows);
        _reservoir = new WindowReservoir(options.ReservoirWindows, random);
        HeldOut = new WindowRing(options.HeldOutWindows);
    }

    /// <summary>The newest windows to learn from.</summary>
    public int Recent => _recent.Count;

    /// <summary>Older windows to learn from.</summary>
    public int Older => _reservoir.Count;

    /// <summary>Windows for the shadow test.</summary>
    public WindowRing HeldOut { get; }

    /// <summary>Windows to learn from that have come so far.</summary>
    public long Received { get; private set; }

    /// <summary>Most bytes that a buffer of these options takes.</summary>
    public static long Bytes(OnlineTrainerOptions options, int width) =>
        ReplayWindow.Bytes(options.WindowLength, width, options.TopK) * (options.RecentWindows + options.ReservoirWindows + options.HeldOutWindows);

    /// <summary>Takes a sequence's newest window.</summary>
    public void Add(SequenceTail tail)
    {
        var window = _free.TryPop(out var free) ? free : new ReplayWindow(_options.WindowLength, _width, _options.TopK);
        tail.CopyTo(window);
        if (tail.IsHeldOut)
        {
            Recycle(HeldOut.Add(window));
            return;
        }
        Received++;
        if (_recent.Add(window) is { } old) Recycle(_reservoir.Offer(old));
    }

    /// <summary>Draws examples, with replacement: a share of them from the reservoir.</summary>
    public void Draw(Span<HeadExample> batch)
    {
        for (int i = 0; i < batch.Length; i++)
        {
            bool older = _reservoir.Count > 0 && _random.NextDouble() < _options.ReservoirShare;
            var window = older ? _reservoir[_random.Next(_reservoir.Count)] : _recent[_random.Next(_recent.Count)];
            batch[i] = window.Example;
        }
    }

    /// <summary>Forgets everything: the states are no longer the target's.</summary>
    public void Clear()
    {
        _recent.Clear();
        _reservoir.Clear();
        HeldOut.Clear();
        _free.Clear();
    }

    private void Recycle(ReplayWindow? window)
    {
        if (window is not null) _free.Push(window);
    }
}
