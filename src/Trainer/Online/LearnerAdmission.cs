namespace Atlas.Trainer.Online;

/// <summary>
/// Which namespaces have learners where there is no room for all. A learner costs seconds to build and to save, so namespaces that take turns must
/// not take each other's place at each turn. As in TinyLFU (Einziger et al. 2017), who comes is compared with who would have to leave, by the
/// traffic of late: a place is given away where its namespace has brought none for <see cref="OnlineTrainerOptions.IdleTime"/>, or where it has
/// brought less than half of the newcomer's and has had the place for a whole <see cref="OnlineTrainerOptions.AdmissionWindow"/>. So however the
/// traffic changes, no place changes hands sooner than after that time or that much traffic. Not thread-safe.
/// </summary>
/// <param name="options">Windows, times and the clock.</param>
internal sealed class LearnerAdmission(OnlineTrainerOptions options)
{
    // A newcomer brings at least this many times what the other does: namespaces that are equally busy stay where they are.
    private const int Margin = 2;

    private readonly TrafficSketch _traffic = new(options.AdmissionWindow);
    private readonly Dictionary<string, LearnerPlace> _places = new(StringComparer.Ordinal);
    private long _tokens;

    /// <summary>Takes note of traffic, of a namespace with a place or without.</summary>
    public void Observe(string name, int tokens)
    {
        _tokens += tokens;
        _traffic.Add(name, tokens);
        if (_places.TryGetValue(name, out var place)) place.LastUse = options.Clock.GetTimestamp();
    }

    /// <summary>A namespace has got a learner.</summary>
    public void Enter(string name) => _places.Add(name, new LearnerPlace(name, _tokens) { LastUse = options.Clock.GetTimestamp() });

    /// <summary>A namespace's learner is gone.</summary>
    public void Leave(string name) => _places.Remove(name);

    /// <summary>Nothing is known of a namespace any more.</summary>
    public void Forget(string name)
    {
        _places.Remove(name);
        _traffic.Forget(name);
    }

    /// <summary>Who has the least claim to its place: the one with the least traffic of late, of equal ones the least recently used.</summary>
    public string Weakest() => _places.Values.MinBy(place => (_traffic.Estimate(place.Name), place.LastUse))!.Name;

    /// <summary>Whose place a namespace may take; null where it is to wait.</summary>
    public string? PlaceFor(string name)
    {
        long brought = _traffic.Estimate(name);
        if (brought < options.LeastWindows) return null;
        var oldest = _places.Values.MinBy(place => place.LastUse)!;
        if (options.Clock.GetElapsedTime(oldest.LastUse) >= options.IdleTime) return oldest.Name;
        LearnerPlace? weakest = null;
        long least = brought / Margin;
        foreach (var place in _places.Values)
        {
            long its = _traffic.Estimate(place.Name);
            if (_tokens - place.Since < options.AdmissionWindow || its >= least) continue;
            (weakest, least) = (place, its);
        }
        return weakest?.Name;
    }
}
