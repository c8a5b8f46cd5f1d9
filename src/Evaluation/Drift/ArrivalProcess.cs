namespace Atlas.Evaluation.Drift;

/// <summary>How the requests of a scenario arrive; each phase has its rate.</summary>
public enum ArrivalProcess
{
    /// <summary>Independently of each other: exponential gaps.</summary>
    Poisson,

    /// <summary>At equal gaps.</summary>
    Even,

    /// <summary>All at once: whoever replays takes them one after the other.</summary>
    BackToBack,
}
