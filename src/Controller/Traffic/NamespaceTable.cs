using Atlas.Controller.Metrics;

namespace Atlas.Controller.Traffic;

/// <summary>The namespaces that are known, at most so many: the one not used for longest that decodes nothing goes first.</summary>
internal sealed class NamespaceTable(ControllerOptions options, ControllerMetrics metrics)
{
    private readonly Dictionary<string, NamespaceState> _known = [];

    /// <summary>Names of the known ones.</summary>
    public IReadOnlyCollection<string> Names => _known.Keys;

    /// <summary>A known namespace, or null.</summary>
    public NamespaceState? Find(string name) => _known.GetValueOrDefault(name);

    /// <summary>A namespace, new where it is not known.</summary>
    public NamespaceState Open(string name)
    {
        if (!_known.TryGetValue(name, out var state))
        {
            if (_known.Count >= options.MaxNamespaces) EvictOne();
            _known.Add(name, state = new NamespaceState(name, options, metrics));
        }
        state.LastUsed = metrics.Steps;
        return state;
    }

    /// <summary>Forgets a namespace.</summary>
    public void Remove(string name) => _known.Remove(name);

    private void EvictOne()
    {
        NamespaceState? oldest = null;
        foreach (var state in _known.Values)
            if (state.Live == 0 && (oldest is null || state.LastUsed < oldest.LastUsed))
                oldest = state;
        if (oldest is not null) _known.Remove(oldest.Name);
    }
}
