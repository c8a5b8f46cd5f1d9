using System.Diagnostics.CodeAnalysis;

namespace Atlas.Speculator.Adaptive;

/// <summary>The stores of all namespaces, least recently used ones dropped when they hold more memory than allowed. Not thread-safe.</summary>
/// <param name="make">Makes an empty store.</param>
/// <param name="memoryLimit">Bytes of all together.</param>
internal sealed class NamespaceStores<TStore>(Func<TStore> make, long memoryLimit) where TStore : IBoundedStore
{
    private readonly Dictionary<string, NamespaceStore<TStore>> _all = [];
    private long _uses;

    /// <summary>Names of the namespaces that hold something.</summary>
    public IReadOnlyCollection<string> Names => _all.Keys;

    /// <summary>Memory of all stores.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (var (_, one) in _all) bytes += one.Store.Bytes;
            return bytes;
        }
    }

    /// <summary>The namespace of that name, founded where there is none.</summary>
    public NamespaceStore<TStore> Use(string name)
    {
        if (!_all.TryGetValue(name, out var found)) _all.Add(name, found = new NamespaceStore<TStore>(name, make()));
        found.LastUse = ++_uses;
        return found;
    }

    /// <summary>The namespace of that name, if there is one; does not count as a use.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out NamespaceStore<TStore> found) => _all.TryGetValue(name, out found);

    /// <summary>Puts a store in the place of a namespace's own.</summary>
    public void Replace(string name, TStore store)
    {
        Forget(name);
        _all.Add(name, new NamespaceStore<TStore>(name, store) { LastUse = ++_uses });
    }

    /// <summary>Drops all of a namespace's store; returns whether there was any.</summary>
    public bool Forget(string name)
    {
        if (!_all.Remove(name, out var forgotten)) return false;
        forgotten.IsForgotten = true;
        return true;
    }

    /// <summary>Drops the least recently used namespaces without a live sequence while all together hold too much.</summary>
    public void Trim()
    {
        for (long bytes = Bytes; bytes > memoryLimit;)
        {
            NamespaceStore<TStore>? oldest = null;
            foreach (var (_, one) in _all)
                if (one.Live == 0 && (oldest is null || one.LastUse < oldest.LastUse))
                    oldest = one;
            if (oldest is null) return;
            bytes -= oldest.Store.Bytes;
            Forget(oldest.Name);
        }
    }
}
