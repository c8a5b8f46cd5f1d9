namespace Atlas.Evaluation.Rollouts;

/// <summary>What the steps with a certain number of live sequences did. Steps that read prompts are in none. Plain sums.</summary>
/// <param name="AtMost">Most live sequences; fewest are one more than half as many, or 1 where this is 2.</param>
public sealed record LiveCounts(int AtMost)
{
    /// <summary>Target forwards.</summary>
    public long Steps { get; set; }

    /// <summary>Their time, drafting and learning included.</summary>
    public double Seconds { get; set; }

    /// <summary>Tokens emitted.</summary>
    public long Tokens { get; set; }

    /// <summary>Live sequences, added up over the steps.</summary>
    public long Sequences { get; set; }

    /// <summary>Draft tokens verified.</summary>
    public long Drafted { get; set; }

    /// <summary>Draft tokens accepted.</summary>
    public long Accepted { get; set; }

    /// <summary>The counts that a number of live sequences belongs to: 1 and 2, up to 4, up to 8, and so on.</summary>
    public static int BoundOf(int live)
    {
        int bound = 2;
        while (bound < live) bound *= 2;
        return bound;
    }

    /// <summary>Adds other steps.</summary>
    public void Add(LiveCounts other)
    {
        Steps += other.Steps;
        Seconds += other.Seconds;
        Tokens += other.Tokens;
        Sequences += other.Sequences;
        Drafted += other.Drafted;
        Accepted += other.Accepted;
    }
}
