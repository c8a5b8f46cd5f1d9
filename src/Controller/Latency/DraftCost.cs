namespace Atlas.Controller.Latency;

/// <summary>What a speculator's drafting takes: seconds for a call, for each level of depth, for each draft token. None is negative.</summary>
public readonly record struct DraftCost(double PerCall, double PerLevel, double PerToken)
{
    /// <summary>Seconds of a call.</summary>
    public double Of(double levels, double tokens) => PerCall + PerLevel * levels + PerToken * tokens;
}
