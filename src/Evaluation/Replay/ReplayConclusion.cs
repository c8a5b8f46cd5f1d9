using System.Globalization;
using System.Text;

namespace Atlas.Evaluation.Replay;

/// <summary>One paragraph that says what a replay has shown, from its figures.</summary>
public static class ReplayConclusion
{
    /// <summary>The paragraph.</summary>
    /// <param name="log">What was done.</param>
    /// <param name="modelled">Whether the target's time is a latency model's.</param>
    public static string Of(ReplayLog log, bool modelled)
    {
        var text = new StringBuilder();
        var trace = log.Trace;
        Say($"{log.Count} requests with {log.Tokens} tokens ({trace.TokenKind}) of {Count(log.Namespaces.Count, "namespace")} were replayed");
        if (trace.Skipped > 0) Say($"; {trace.Skipped} were left out");
        if (trace.Shortened > 0) Say($"; {trace.Shortened} prompts lost their beginning");
        text.Append(". ");
        if (log.Strategies.Count == 1) return text.Append(FormattableString.Invariant($"{log.Strategies[0]} alone ran; there is nothing to compare.")).ToString();
        string best = log.Strategies.Skip(1).MaxBy(log.Speedup)!;
        Say($"{(modelled ? "By the latency model" : "As measured")} {best} is fastest, {log.Speedup(best):F2} times {log.Strategies[0]}, at {log.Total(best).AcceptanceLength:F2} tokens per forward. ");
        if (Trend(log, best) is (var first, var last)) Say($"Its acceptance length went from {first:F2} in the first tenth to {last:F2} in the last. ");
        if (!log.Strategies.Contains(ReplayStrategies.Atlas) || log.Singles.Count < 2) return text.ToString().TrimEnd();
        double regret = log.Regret(ReplayStrategies.Atlas);
        Say($"Atlas took {Math.Abs(regret):P1} {(regret > 0 ? "more" : "less")} time than the oracle that knows the best of {string.Join(", ", log.Singles)} for every request");
        string single = log.Singles.MaxBy(log.Speedup)!;
        double over = log.Total(ReplayStrategies.Atlas).Goodput / log.Total(single).Goodput;
        Say($", and is {Math.Abs(over - 1):P1} {(over < 1 ? "slower" : "faster")} than {single}, the best of these over the whole trace.");
        if (ForgettingMatrix.Of(log, ReplayStrategies.Atlas).MinBy(cell => cell.Ratio) is { } cell)
            Say($" Where a domain came back, atlas's acceptance length was at least {cell.Ratio:P0} of what it had been before ({cell.Domain} after {cell.After}).");
        return text.ToString();

        void Say(FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));
    }

    private static (double First, double Last)? Trend(ReplayLog log, string strategy)
    {
        var (first, last) = (log.OfTenth(strategy, 0), log.OfTenth(strategy, 9));
        return first.Forwards > 0 && last.Forwards > 0 ? (first.AcceptanceLength, last.AcceptanceLength) : null;
    }

    private static string Count(int count, string noun) => FormattableString.Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");
}
