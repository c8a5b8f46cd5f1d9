using Atlas.Core.Decoding;
using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Replay;

/// <summary>What was counted while requests were replayed. Sums, so that every figure is a ratio of totals.</summary>
public readonly record struct ReplayTotals
{
    /// <summary>Requests.</summary>
    public long Requests { get; init; }

    /// <summary>Emitted tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>Target forwards that emitted.</summary>
    public long Forwards { get; init; }

    /// <summary>Draft tokens verified.</summary>
    public long Drafted { get; init; }

    /// <summary>Draft tokens accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>What drafting took.</summary>
    public DraftWork Drafting { get; init; }

    /// <summary>Tokens that were emitted in <see cref="Seconds"/>: live, all but those of a request's first step, which reads the prompt.</summary>
    public long TimedTokens { get; init; }

    /// <summary>
    /// Time of decoding, drafting, planning and learning included. Recorded: target forwards as the latency model has them, all else as it was.
    /// Live: from the first token on; where requests are decoded at once, a step's time is shared evenly among them.
    /// </summary>
    public double Seconds { get; init; }

    /// <summary>The modelled target forwards' part of <see cref="Seconds"/>; NaN where a target really ran.</summary>
    public double ForwardSeconds { get; init; }

    /// <summary>Time from arrival to the last token, one request's added to the other's; NaN where requests do not arrive by a clock.</summary>
    public double LatencySeconds { get; init; }

    /// <summary>Emitted tokens per target forward; NaN without any.</summary>
    public double AcceptanceLength => (double)Tokens / Forwards;

    /// <summary>Accepted over verified draft tokens; NaN where none was verified.</summary>
    public double AcceptanceRate => (double)Accepted / Drafted;

    /// <summary>Draft tokens verified per target forward.</summary>
    public double DraftedPerStep => (double)Drafted / Forwards;

    /// <summary>Microseconds of a speculator's call; NaN where none was made.</summary>
    public double DraftMicrosecondsPerCall => Drafting.Seconds * 1e6 / Drafting.Calls;

    /// <summary>Microseconds of drafting per proposed token; NaN where none was proposed.</summary>
    public double DraftMicrosecondsPerToken => Drafting.Seconds * 1e6 / Drafting.Tokens;

    /// <summary>Tokens per second of decoding.</summary>
    public double Goodput => TimedTokens / Seconds;

    /// <summary>Emitted tokens per second of what really ran of a recorded replay: everything but the target.</summary>
    public double ReplayedPerSecond => Tokens / (Seconds - ForwardSeconds);

    /// <summary>Mean time of a request from arrival to its last token.</summary>
    public double MeanLatency => LatencySeconds / Requests;

    /// <summary>What decoding one request counted, without times.</summary>
    internal static ReplayTotals Of(DecodeStatistics counts, DraftWork drafting) => new()
    {
        Requests = 1,
        Tokens = counts.Emitted,
        Forwards = counts.Forwards,
        Drafted = counts.Drafted,
        Accepted = counts.Accepted,
        Drafting = drafting,
    };

    /// <summary>One request that a strategy decoded alone, with a model.</summary>
    internal static ReplayTotals Of(DecodedRequest decoded, DraftWork drafting) => Of(decoded.Statistics, drafting) with
    {
        TimedTokens = decoded.TokensAfterFirstStep,
        Seconds = decoded.DecodeSeconds,
        ForwardSeconds = double.NaN,
        LatencySeconds = double.NaN,
    };

    /// <summary>Both together.</summary>
    public static ReplayTotals operator +(ReplayTotals a, ReplayTotals b) => new()
    {
        Requests = a.Requests + b.Requests,
        Tokens = a.Tokens + b.Tokens,
        Forwards = a.Forwards + b.Forwards,
        Drafted = a.Drafted + b.Drafted,
        Accepted = a.Accepted + b.Accepted,
        Drafting = a.Drafting + b.Drafting,
        TimedTokens = a.TimedTokens + b.TimedTokens,
        Seconds = a.Seconds + b.Seconds,
        ForwardSeconds = a.ForwardSeconds + b.ForwardSeconds,
        LatencySeconds = a.LatencySeconds + b.LatencySeconds,
    };

    /// <summary>The sum of some.</summary>
    public static ReplayTotals Sum(IEnumerable<ReplayTotals> all) => all.Aggregate(default(ReplayTotals), (sum, one) => sum + one);
}
