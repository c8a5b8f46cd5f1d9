using Atlas.Core.Decoding;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// Which sequences of a batch draft with which version in this step: those of a namespace with its own, or with the base's. Versions are held
/// from <see cref="Begin"/> to <see cref="End"/>. Grows to the largest batch seen, then allocates nothing.
/// </summary>
internal sealed class VersionGroups(LearnedSlots slots)
{
    private const int None = -1;

    private readonly List<(LearnedSlot Slot, LearnedVersion? Version)> _held = [];
    private int[] _groups = [];

    /// <summary>Number of slots that were looked at; group g may have no version.</summary>
    public int Count => _held.Count;

    /// <summary>The version of a group; null where its slot is empty.</summary>
    public LearnedVersion? Version(int group) => _held[group].Version;

    /// <summary>Whether the batch's sequence <paramref name="index"/> drafts with a group's version.</summary>
    public bool Contains(int group, int index) => _groups[index] == group;

    /// <summary>Shares out a batch; sequences without budget belong to no group.</summary>
    public void Begin(ReadOnlySpan<DecodeSequence> batch)
    {
        if (_groups.Length < batch.Length) _groups = new int[2 * batch.Length];
        for (int i = 0; i < batch.Length; i++) _groups[i] = batch[i].Budget.Depth > 0 ? Find(batch[i].Namespace) : None;
    }

    /// <summary>Lets go of all versions.</summary>
    public void End()
    {
        foreach (var (slot, _) in _held) slot.Release();
        _held.Clear();
    }

    private int Find(string name)
    {
        int own = slots.Find(name) is { } slot ? Hold(slot) : None;
        return own >= 0 && _held[own].Version is not null ? own : Hold(slots.Base);
    }

    private int Hold(LearnedSlot slot)
    {
        for (int i = 0; i < _held.Count; i++)
            if (ReferenceEquals(_held[i].Slot, slot))
                return i;
        _held.Add((slot, slot.Acquire()));
        return _held.Count - 1;
    }
}
