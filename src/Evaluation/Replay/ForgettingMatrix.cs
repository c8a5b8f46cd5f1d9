namespace Atlas.Evaluation.Replay;

/// <summary>
/// Forgetting as the traffic itself shows it: for every domain that went away and came back, its acceptance length before and after, by the domain
/// that was served meanwhile. Only pairs that the trace holds have a cell.
/// </summary>
public static class ForgettingMatrix
{
    /// <summary>Requests of other domains in a row from which on a domain counts as away.</summary>
    public const int Absence = 10;

    /// <summary>Requests that are looked at on each side of an absence.</summary>
    public const int Window = 10;

    /// <summary>The cells, by domain in the order in which domains first came back.</summary>
    public static IReadOnlyList<ForgettingCell> Of(ReplayLog log, string strategy)
    {
        var cells = new OrderedDictionary<(string Domain, string After), ForgettingCell>();
        foreach (var own in Enumerable.Range(0, log.Count).GroupBy(i => log.Trace.Requests[i].Domain))
        {
            int[] places = [.. own];
            for (int back = 1; back < places.Length; back++)
            {
                var (left, returned) = (places[back - 1], places[back]);
                if (returned - left <= Absence) continue;
                string after = MostOf(log, left + 1, returned);
                var before = ReplayTotals.Sum(places[Math.Max(0, back - Window)..back].Select(i => log.Of(strategy, i)));
                var now = ReplayTotals.Sum(places[back..Math.Min(places.Length, back + Window)].Select(i => log.Of(strategy, i)));
                var known = cells.GetValueOrDefault((own.Key, after), new ForgettingCell(own.Key, after, default, default));
                cells[(own.Key, after)] = known with { Before = known.Before + before, Returned = known.Returned + now };
            }
        }
        return [.. cells.Values];
    }

    private static string MostOf(ReplayLog log, int from, int to) =>
        log.Trace.Requests.Skip(from).Take(to - from).GroupBy(request => request.Domain).MaxBy(group => group.Count())!.Key;
}
