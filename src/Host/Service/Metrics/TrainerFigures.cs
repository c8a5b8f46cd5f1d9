using Atlas.Host.Speculation;

namespace Atlas.Host.Service.Metrics;

/// <summary>What trainers have published, and what they could not take in or keep, as figures of the service.</summary>
internal static class TrainerFigures
{
    /// <summary>Adds versions, steps that were dropped, those of them for want of a place, and places that changed hands.</summary>
    public static void AddTo(MetricSet metrics, StackTrainers trainers)
    {
        metrics.Counter("trainer_published", "Versions published.", () => trainers.Published);
        metrics.Counter("trainer_dropped", "Steps dropped because the trainer did not keep up, or had no place for their namespace.", () => trainers.Dropped);
        metrics.Counter("trainer_unplaced", "Of the dropped steps, those whose namespace had no place in the memory for learning.", () => trainers.Unplaced);
        metrics.Counter("trainer_evicted", "Namespaces whose learning was given up for another's.", () => trainers.Evicted);
    }
}
