namespace Atlas.Evaluation.Rollouts;

/// <summary>What drawing the samples of one step took, and how speculation did in it.</summary>
public sealed record RolloutTotals
{
    /// <summary>Time from the first forward to the last token, prompts, drafting and learning included.</summary>
    public double Seconds { get; set; }

    /// <summary>Part of it in which the speculator learned, of all the engine's threads.</summary>
    public double LearningSeconds { get; set; }

    /// <summary>Tokens emitted.</summary>
    public long Tokens { get; set; }

    /// <summary>Forwards that emitted tokens, counted for each sequence.</summary>
    public long Forwards { get; set; }

    /// <summary>Draft tokens verified.</summary>
    public long Drafted { get; set; }

    /// <summary>Draft tokens accepted.</summary>
    public long Accepted { get; set; }

    /// <summary>By the number of live sequences, rising.</summary>
    public IReadOnlyList<LiveCounts> ByLive { get; set; } = [];

    /// <summary>Tokens emitted per target forward of a sequence; 0 before the first.</summary>
    public double AcceptanceLength => Forwards == 0 ? 0 : (double)Tokens / Forwards;

    /// <summary>Accepted over drafted; 0 where nothing was drafted.</summary>
    public double AcceptanceRate => Drafted == 0 ? 0 : (double)Accepted / Drafted;

    /// <summary>The totals of several steps.</summary>
    public static RolloutTotals Sum(IEnumerable<RolloutTotals> all)
    {
        var sum = new RolloutTotals();
        var byLive = new SortedDictionary<int, LiveCounts>();
        foreach (var one in all)
        {
            sum.Seconds += one.Seconds;
            sum.LearningSeconds += one.LearningSeconds;
            sum.Tokens += one.Tokens;
            sum.Forwards += one.Forwards;
            sum.Drafted += one.Drafted;
            sum.Accepted += one.Accepted;
            foreach (var counts in one.ByLive)
            {
                if (!byLive.TryGetValue(counts.AtMost, out var own)) byLive.Add(counts.AtMost, own = new LiveCounts(counts.AtMost));
                own.Add(counts);
            }
        }
        sum.ByLive = [.. byLive.Values];
        return sum;
    }
}
