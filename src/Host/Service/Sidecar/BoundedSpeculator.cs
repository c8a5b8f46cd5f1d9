using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// Keeps a speculator that holds a cache for every sequence within so many sequences: the one that was not drafted for longest gives its place
/// up, and has to be read again when it is drafted for the next time. Not thread-safe.
/// </summary>
/// <param name="inner">Who drafts.</param>
/// <param name="most">Sequences that it may hold, at least 1.</param>
internal sealed class BoundedSpeculator(ISpeculator inner, int most) : ISpeculator
{
    private readonly Dictionary<long, Holder> _held = [];
    private readonly Stack<Holder> _free = new();
    private long _uses;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        long first = _uses + 1;
        foreach (var sequence in batch)
        {
            if (sequence.Budget.Depth == 0) continue;
            // One call may ask for more sequences than there are places: the last of them go without.
            if (!TryHold(sequence, first)) sequence.Budget = DraftBudget.None;
        }
        inner.Propose(batch);
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        if (_held.Remove(sequence.Id, out var holder)) Free(holder);
        inner.Release(sequence);
    }

    private bool TryHold(DecodeSequence sequence, long first)
    {
        if (!_held.TryGetValue(sequence.Id, out var holder))
        {
            if (_held.Count >= most && !TryEvict(first)) return false;
            if (!_free.TryPop(out holder)) holder = new Holder();
            _held.Add(sequence.Id, holder);
        }
        (holder.Sequence, holder.LastUse) = (sequence, ++_uses);
        return true;
    }

    private bool TryEvict(long first)
    {
        Holder? oldest = null;
        foreach (var (_, holder) in _held)
            if (oldest is null || holder.LastUse < oldest.LastUse)
                oldest = holder;
        if (oldest is null || oldest.LastUse >= first) return false;
        inner.Release(oldest.Sequence!);
        _held.Remove(oldest.Sequence!.Id);
        Free(oldest);
        return true;
    }

    private void Free(Holder holder)
    {
        holder.Sequence = null;
        _free.Push(holder);
    }

    private sealed class Holder
    {
        public DecodeSequence? Sequence { get; set; }

        public long LastUse { get; set; }
    }
}
