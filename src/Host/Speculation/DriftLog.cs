using Atlas.Controller.Drift;

namespace Atlas.Host.Speculation;

/// <summary>Keeps drift events in their order. Written by the decoding thread and read by it between steps.</summary>
internal sealed class DriftLog : IDriftObserver
{
    private readonly List<DriftEvent> _events = [];

    /// <summary>All events so far.</summary>
    public IReadOnlyList<DriftEvent> Events => _events;

    /// <inheritdoc/>
    public void OnDrift(in DriftEvent drift) => _events.Add(drift);
}
