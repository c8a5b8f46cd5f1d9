namespace Atlas.Evaluation.Scenarios;

/// <summary>The figures by which adaptive speculation is judged, from the log of a scenario. Pure; NaN where the log says nothing.</summary>
/// <param name="log">What was served.</param>
public sealed class ScenarioFigures(ScenarioLog log)
{
    /// <summary>Requests of the moving window in which two strategies are compared after a shift: single requests scatter.</summary>
    public const int Window = 5;

    /// <summary>Part of the plateau that counts as having reached it.</summary>
    public const double PlateauShare = 0.9;

    /// <summary>Goodput over plain decoding's, on the adapted tails of the shifted phases.</summary>
    public double AdaptedSpeedup(string strategy) => log.AdaptedTotals(strategy).Goodput / log.AdaptedTotals(log.Strategies[0]).Goodput;

    /// <summary>Goodput of a strategy over that of the best of some others, over all phases.</summary>
    public double OverBest(string strategy, IReadOnlyList<string> others) =>
        log.Totals(strategy).Goodput / others.Max(other => log.Totals(other).Goodput);

    /// <summary>The same in the phase where it is lowest; in each phase the best of the others is another one.</summary>
    public double WorstOverBest(string strategy, IReadOnlyList<string> others) => Enumerable.Range(0, log.Scenario.Phases.Count)
        .Min(phase => log.Totals(strategy, phase).Goodput / others.Max(other => log.Totals(other, phase).Goodput));

    /// <summary>
    /// Requests after a shift until a strategy is faster than another over a window of <see cref="Window"/> requests; of the shifted phases the
    /// one where it takes longest. A phase in which it never is counts whole.
    /// </summary>
    public int RequestsToBeat(string strategy, string other) =>
        log.ShiftedPhases.Select(phase => FirstWindow(strategy, other, phase, 1.0)).DefaultIfEmpty(0).Max();

    /// <summary>
    /// Requests after a shift until a strategy's goodput over plain decoding's reaches <see cref="PlateauShare"/> of what it is in the adapted
    /// tail; of the shifted phases the one where it takes longest.
    /// </summary>
    public int RequestsToPlateau(string strategy)
    {
        string plain = log.Strategies[0];
        return log.ShiftedPhases.Select(phase =>
        {
            double plateau = ServedTotals.Of(log.Tail(strategy, phase)).Goodput / ServedTotals.Of(log.Tail(plain, phase)).Goodput;
            return FirstWindow(strategy, plain, phase, PlateauShare * plateau);
        }).DefaultIfEmpty(0).Max();
    }

    /// <summary>
    /// Acceptance length on the first domain when it returns over what it was before the shift: the last phase over the adapted tail of the first.
    /// </summary>
    public double ReturnedOverBefore(string strategy) =>
        log.Totals(strategy, log.Scenario.Phases.Count - 1).AcceptanceLength / ServedTotals.Of(log.Tail(strategy, 0)).AcceptanceLength;

    // First request from which on a window of requests has at least such a ratio of goodputs.
    private int FirstWindow(string strategy, string other, int phase, double ratio)
    {
        var (own, theirs) = (log.Of(strategy, phase), log.Of(other, phase));
        for (int at = 0; at + Math.Min(Window, own.Count) <= own.Count && own.Count > 0; at++)
            if (ServedTotals.Of(own.Skip(at).Take(Window)).Goodput >= ratio * ServedTotals.Of(theirs.Skip(at).Take(Window)).Goodput)
                return at;
        return own.Count;
    }
}
