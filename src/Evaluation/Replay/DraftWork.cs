namespace Atlas.Evaluation.Replay;

/// <summary>What drafting took. Of a call that drafts for several requests at once, each has its part.</summary>
/// <param name="Calls">Calls of a speculator; where two draft for a step, that is two.</param>
/// <param name="Tokens">Draft tokens proposed, verified or not.</param>
/// <param name="Seconds">Time of these calls.</param>
public readonly record struct DraftWork(double Calls, double Tokens, double Seconds)
{
    /// <summary>Both together.</summary>
    public static DraftWork operator +(DraftWork a, DraftWork b) => new(a.Calls + b.Calls, a.Tokens + b.Tokens, a.Seconds + b.Seconds);

    /// <summary>What came between two readings of one meter.</summary>
    public static DraftWork operator -(DraftWork later, DraftWork earlier) =>
        new(later.Calls - earlier.Calls, later.Tokens - earlier.Tokens, later.Seconds - earlier.Seconds);

    /// <summary>One of several equal parts.</summary>
    public static DraftWork operator /(DraftWork work, int parts) => new(work.Calls / parts, work.Tokens / parts, work.Seconds / parts);
}
