namespace Atlas.Speculator.Adaptive;

/// <summary>One namespace's store. Nothing in it is ever seen by another namespace.</summary>
internal sealed class NamespaceStore<TStore>(string name, TStore store) where TStore : IBoundedStore
{
    public string Name { get; } = name;

    public TStore Store { get; } = store;

    /// <summary>Sequences that write to it now.</summary>
    public int Live { get; set; }

    /// <summary>When it was last used, in uses of any namespace.</summary>
    public long LastUse { get; set; }

    /// <summary>Whether it was dropped: sequences that still hold it must let go.</summary>
    public bool IsForgotten { get; set; }
}
