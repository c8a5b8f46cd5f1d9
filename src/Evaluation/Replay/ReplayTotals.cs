namespace Atlas.Evaluation.Replay;

/// <summary>What was counted while requests were replayed. Sums, so that every figure is a ratio of totals.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Tokens">Emitted tokens.</param>
/// <param name="Forwards">Target forwards.</param>
/// <param name="Drafted">Draft tokens verified.</param>
/// <param name="Accepted">Draft tokens accepted.</param>
/// <param name="DraftCalls">Calls of speculators.</param>
/// <param name="Proposed">Draft tokens proposed, verified or not.</param>
/// <param name="DraftSeconds">Time of these calls.</param>
/// <param name="Seconds">All of the time: target forwards as the latency model has them; drafting, planning and learning as they were.</param>
/// <param name="ForwardSeconds">The target forwards' part of it.</param>
public readonly record struct ReplayTotals(
    long Requests, long Tokens, long Forwards, long Drafted, long Accepted, long DraftCalls, long Proposed, double DraftSeconds, double Seconds, double ForwardSeconds)
{
    /// <summary>Emitted tokens per target forward; NaN without any.</summary>
    public double AcceptanceLength => (double)Tokens / Forwards;

    /// <summary>Accepted over verified draft tokens; NaN where none was verified.</summary>
    public double AcceptanceRate => (double)Accepted / Drafted;

    /// <summary>Draft tokens verified per target forward.</summary>
    public double DraftedPerStep => (double)Drafted / Forwards;

    /// <summary>Microseconds of a speculator's call; NaN where none was made.</summary>
    public double DraftMicrosecondsPerCall => DraftSeconds * 1e6 / DraftCalls;

    /// <summary>Microseconds of drafting per proposed token; NaN where none was proposed.</summary>
    public double DraftMicrosecondsPerToken => DraftSeconds * 1e6 / Proposed;

    /// <summary>Emitted tokens per second, modelled forwards included.</summary>
    public double Goodput => Tokens / Seconds;

    /// <summary>Emitted tokens per second of what really ran: everything but the target.</summary>
    public double ReplayedPerSecond => Tokens / (Seconds - ForwardSeconds);

    /// <summary>Both together.</summary>
    public static ReplayTotals operator +(ReplayTotals a, ReplayTotals b) => new(
        a.Requests + b.Requests, a.Tokens + b.Tokens, a.Forwards + b.Forwards, a.Drafted + b.Drafted, a.Accepted + b.Accepted,
        a.DraftCalls + b.DraftCalls, a.Proposed + b.Proposed, a.DraftSeconds + b.DraftSeconds, a.Seconds + b.Seconds, a.ForwardSeconds + b.ForwardSeconds);

    /// <summary>The sum of some.</summary>
    public static ReplayTotals Sum(IEnumerable<ReplayTotals> all) => all.Aggregate(default(ReplayTotals), (sum, one) => sum + one);
}
