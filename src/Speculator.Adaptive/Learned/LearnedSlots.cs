using System.Collections.Concurrent;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// The slots of all namespaces. A namespace that has no version of its own yet drafts with the base's, which is shared and frozen. Safe to
/// use from the decoding thread and the trainer's at once.
/// </summary>
public sealed class LearnedSlots
{
    private readonly ConcurrentDictionary<string, LearnedSlot> _slots = new(StringComparer.Ordinal);

    /// <summary>What every namespace begins with; empty where nothing was shipped.</summary>
    public LearnedSlot Base { get; } = new();

    /// <summary>A namespace's own slot, made when it is first asked for.</summary>
    public LearnedSlot Of(string name) => _slots.TryGetValue(name, out var slot) ? slot : _slots.GetOrAdd(name, new LearnedSlot());

    /// <summary>A namespace's own slot; null where nobody has asked for it.</summary>
    public LearnedSlot? Find(string name) => _slots.GetValueOrDefault(name);
}
