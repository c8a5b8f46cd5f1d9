using Atlas.Evaluation.Scenarios;

namespace Atlas.Evaluation.Replay;

/// <summary>One strategy's part of a <see cref="ReplayLog"/>, in a form to be written down.</summary>
/// <param name="Name">The strategy.</param>
/// <param name="Served">What it did with each request, in the trace's order.</param>
/// <param name="States">Its states in the order in which requests ended. Of drift events each has the new ones alone, so that a long log is no square of its length.</param>
public sealed record StrategyLog(string Name, IReadOnlyList<ReplayTotals> Served, IReadOnlyList<StrategyState> States)
{
    /// <summary>A strategy's part of a log whose requests have all ended.</summary>
    internal static StrategyLog Of(string name, IReadOnlyList<ReplayTotals> served, IReadOnlyList<StrategyState> states) =>
        new(name, served, [.. states.Select((state, i) => i == 0 ? state : state with { Drifts = [.. state.Drifts.Skip(states[i - 1].Drifts.Count)] })]);

    /// <summary>The states with all drift events that each had.</summary>
    internal IEnumerable<StrategyState> WholeStates()
    {
        var drifts = new List<string>();
        foreach (var state in States)
        {
            drifts.AddRange(state.Drifts);
            yield return state with { Drifts = [.. drifts] };
        }
    }

    /// <summary>What makes it no part of a log over so many requests; null where nothing does.</summary>
    internal string? Fault(int requests)
    {
        if (Served.Count != requests) return $"{Name} has figures of {Served.Count} requests; expected {requests}";
        if (States.Count != requests) return $"{Name} has {States.Count} states; expected {requests}";
        for (int i = 0; i < requests; i++)
            if ((Fault(Served[i]) ?? Fault(States[i], States[Math.Max(0, i - 1)])) is { } fault)
                return $"{Name}, request {i + 1}: {fault}";
        return null;
    }

    private static string? Fault(in ReplayTotals totals)
    {
        if (totals.Requests != 1) return $"counts {totals.Requests} requests; expected one";
        return long.Min(long.Min(totals.Tokens, totals.Forwards), long.Min(totals.Drafted, long.Min(totals.Accepted, totals.TimedTokens))) < 0
            ? "counts less than nothing; expected counts from 0 up"
            : null;
    }

    // Charts follow the first state's speculators through all of them.
    private static string? Fault(StrategyState? state, StrategyState? before)
    {
        if (state is null || before is null) return "has no state; expected one";
        if (state.Credits.Any(credit => credit.Name is null) || state.Drifts.Any(drift => drift is null)) return "has a state without names; expected all of them";
        return state.Credits.Count < before.Credits.Count ? $"has {state.Credits.Count} speculators; expected at least {before.Credits.Count} as before" : null;
    }
}
