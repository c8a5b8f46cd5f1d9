namespace Atlas.Controller.Latency;

/// <summary>What a speculator's drafting takes: seconds for a call, for each level of depth, for each draft token. None is negative.</summary>
public readonly record struct DraftCost(double PerCall, double PerLevel, double PerToken)
{
    /// <summary>
    /// Seconds for each token of text that the speculator has to read before it can draft: its whole prompt where it is asked for a sequence the
    /// first time, what was emitted meanwhile where it was not asked for a while. Not negative.
    /// </summary>
    public double PerRead { get; init; }

    /// <summary>Seconds of a call.</summary>
    /// <param name="levels">Depth of the deepest draft.</param>
    /// <param name="tokens">Draft tokens in all.</param>
    /// <param name="read">Tokens of text that had not been read.</param>
    public double Of(double levels, double tokens, double read = 0) => PerCall + PerLevel * levels + PerToken * tokens + PerRead * read;
}
