using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Scenarios;

namespace Atlas.Evaluation.Tests.Replay;

public sealed class ForgettingMatrixTests
{
    [Fact]
    public void A_domain_that_comes_back_is_compared_with_what_it_was()
    {
        // a at 4 tokens per forward at the end, then b, then a at 2, then b as it was.
        var cells = Matrix([.. Stretch("a", 30, i => i < 20 ? 1 : 4), .. Stretch("b", 20, _ => 3), .. Stretch("a", 20, i => i < 10 ? 2 : 4), .. Stretch("b", 5, _ => 3)]);
        Assert.Equal([("a", "b", 0.5), ("b", "a", 1.0)], cells.Select(cell => (cell.Domain, cell.After, Math.Round(cell.Ratio, 9))));
        Assert.Equal((10, 10), (cells[0].Before.Requests, cells[0].Returned.Requests));
        Assert.Equal(5, cells[1].Returned.Requests);
    }

    [Fact]
    public void Absences_after_the_same_domain_are_added_up_and_short_ones_do_not_count()
    {
        var cells = Matrix([
            .. Stretch("a", 10, _ => 4), .. Stretch("b", 15, _ => 1), .. Stretch("a", 10, _ => 2), .. Stretch("c", 9, _ => 1), .. Stretch("a", 10, _ => 4),
            .. Stretch("b", 15, _ => 1), .. Stretch("a", 10, _ => 4)]);
        var a = cells.Where(cell => cell.Domain == "a").ToList();
        Assert.Equal(["b"], a.Select(cell => cell.After));
        Assert.Equal((20, 20), (a[0].Before.Requests, a[0].Returned.Requests));
    }

    [Fact]
    public void Traffic_that_never_leaves_has_no_cell() => Assert.Empty(Matrix([.. Stretch("a", 40, _ => 2), .. Stretch("b", 40, _ => 2)]));

    private static IEnumerable<(string, int)> Stretch(string domain, int requests, Func<int, int> length) => Enumerable.Range(0, requests).Select(i => (domain, length(i)));

    private static IReadOnlyList<ForgettingCell> Matrix((string Domain, int Length)[] requests)
    {
        var log = new ReplayLog(new ReplayOutline([.. requests.Select(r => new RequestLabel("n", r.Domain))], "tokens", 10, 0), ["plain"]);
        for (int i = 0; i < requests.Length; i++)
            log.Add("plain", i, new ReplayTotals { Requests = 1, Tokens = 12, Forwards = 12 / requests[i].Length }, StrategyState.None);
        return ForgettingMatrix.Of(log, "plain");
    }
}
