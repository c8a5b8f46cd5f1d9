namespace Atlas.Trainer.Online;

/// <summary>
/// Puts the records of many interleaved sequences together to windows. Keeps the tails of a bounded number of sequences; beyond it, the one
/// that has waited longest is given up.
/// </summary>
internal sealed class WindowAssembler(int length, int width, int topK, int heldOutStride)
{
    private const int MostTails = 256;

    private readonly Dictionary<long, SequenceTail> _tails = [];
    private readonly Stack<SequenceTail> _free = new();
    private long _uses;

    /// <summary>Sequences whose tails are kept.</summary>
    public int Count => _tails.Count;

    /// <summary>Takes a record's rows; <paramref name="complete"/> is called with the tail whenever it holds a window.</summary>
    public void Add(VerificationRecord record, Action<SequenceTail> complete)
    {
        var tail = Open(record);
        if (tail.Position != record.Position) tail.Restart(record.Position);
        tail.LastUse = ++_uses;
        for (int row = 0; row < record.Count; row++)
            if (tail.Append(record, row))
                complete(tail);
        if (record.IsLast) Close(record.Sequence);
    }

    /// <summary>Forgets all rows, or those of one namespace.</summary>
    public void Clear(string? name = null)
    {
        foreach (var (sequence, tail) in _tails.ToArray())
            if (name is null || tail.Namespace == name)
                Close(sequence);
    }

    private SequenceTail Open(VerificationRecord record)
    {
        if (_tails.TryGetValue(record.Sequence, out var tail) && tail.Namespace == record.Namespace) return tail;
        if (tail is not null) Close(record.Sequence);
        if (_tails.Count == MostTails) Close(_tails.MinBy(t => t.Value.LastUse).Key);
        tail = _free.TryPop(out var free) ? free : new SequenceTail(length, width, topK);
        tail.Begin(record, IsHeldOut(record.Sequence));
        _tails.Add(record.Sequence, tail);
        return tail;
    }

    private void Close(long sequence)
    {
        if (_tails.Remove(sequence, out var tail)) _free.Push(tail);
    }

    // By a hash of the id, so that no pattern of the traffic decides.
    private bool IsHeldOut(long sequence) => ((ulong)sequence * 0x9e3779b97f4a7c15UL >> 40) % (ulong)heldOutStride == 0;
}
