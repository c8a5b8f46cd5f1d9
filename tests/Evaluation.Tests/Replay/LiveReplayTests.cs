using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Tests.Comparison;

namespace Atlas.Evaluation.Tests.Replay;

public sealed class LiveReplayTests
{
    private static readonly (string, double)[] Arrivals = [.. Enumerable.Range(0, 30).Select(i => (i % 2 == 0 ? "even" : "odd", i / 10 * 100.0))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Every_strategy_answers_every_request_and_counts_add_up(int places)
    {
        var trace = LiveTraffic.Trace(Arrivals);
        int heard = 0;
        var (log, differences) = Run(trace, places, [LiveTraffic.Strategy("plain", 0), LiveTraffic.Strategy("static", 4)], done => heard = done);
        Assert.Empty(differences);
        Assert.Equal(30, heard);
        var (plain, drafted) = (log.Total("plain"), log.Total("static"));
        Assert.Equal((30, 600, 600, 0, 0), (plain.Requests, plain.Tokens, plain.Forwards, plain.Drafted, plain.Drafting.Calls));
        Assert.Equal(600, drafted.Tokens);
        Assert.Equal(drafted.Tokens, drafted.Forwards + drafted.Accepted);
        Assert.Equal(1, drafted.AcceptanceRate);
        Assert.InRange(drafted.AcceptanceLength, 4, 5);
        Assert.Equal(drafted.Drafted, drafted.Drafting.Tokens, 1e-6);
        Assert.True(drafted.Drafting.Calls > 0 && drafted.Drafting.Seconds > 0 && plain.Goodput > 0);
        Assert.Equal(600 - 30, plain.TimedTokens);
        Assert.Equal(600, log.ByNamespace("static").Single().Totals.Tokens);
        Assert.Equal(600, Enumerable.Range(0, 10).Sum(tenth => log.OfTenth("static", tenth).Tokens));
        Assert.True(double.IsNaN(plain.ReplayedPerSecond));
    }

    [Fact]
    public void Requests_that_overlap_are_decoded_together_and_those_that_do_not_are_not()
    {
        // Ten at once, then nothing for a hundred seconds: a batch of four takes calls for a quarter as many requests.
        (string, double)[] apart = [.. Enumerable.Range(0, 30).Select(i => ("d", i * 1000.0))];
        double Calls((string, double)[] arrivals) => Run(LiveTraffic.Trace(arrivals), 4, [LiveTraffic.Strategy("plain", 0), LiveTraffic.Strategy("static", 4)]).Log.Total("static").Drafting.Calls;
        Assert.True(Calls(Arrivals) < 0.5 * Calls(apart), $"{Calls(Arrivals)} against {Calls(apart)}");
    }

    [Fact]
    public void Latency_counts_waiting_for_a_place_and_jumps_over_idle_time()
    {
        (string, double)[] together = [.. Enumerable.Range(0, 20).Select(_ => ("d", 0.0))], apart = [.. Enumerable.Range(0, 20).Select(i => ("d", i * 1000.0))];
        double Latency((string, double)[] arrivals) => Run(LiveTraffic.Trace(arrivals), 1, [LiveTraffic.Strategy("plain", 0)]).Log.Total("plain").MeanLatency;
        // Alone, a request takes its own decoding; all at once, those of all before it too.
        Assert.InRange(Latency(apart), 0, 100);
        var log = Run(LiveTraffic.Trace(together), 1, [LiveTraffic.Strategy("plain", 0)]).Log;
        Assert.True(log.Of("plain", 19).MeanLatency >= log.Of("plain", 0).MeanLatency + log.Range("plain", 1, 18).Seconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_difference_is_found_with_its_request(int places)
    {
        var wrong = LiveTraffic.Strategy("wrong", 0, position => position == 12 ? 60 : LiveTraffic.Text(position));
        var (_, differences) = Run(LiveTraffic.Trace(("a", 0), ("b", 0)), places, [LiveTraffic.Strategy("plain", 0), wrong]);
        Assert.Equal([new OutputDifference(0, "a", "wrong", 9), new OutputDifference(1, "b", "wrong", 9)], differences.OrderBy(d => d.Request));
    }

    [Fact]
    public void What_a_strategy_does_beside_decoding_runs_in_its_turns_only()
    {
        var words = new List<string>();
        var strategies = new[] { "a", "b" }.Select(name => LiveTraffic.Strategy(name, 0, work: new LoggedWork(name, words))).ToArray();
        Run(LiveTraffic.Trace([.. Enumerable.Range(0, 20).Select(_ => ("d", 0.0))]), 3, strategies);
        string open = "";
        foreach (string word in words)
        {
            string[] parts = word.Split(' ');
            if (parts is [var name, "begins"]) Assert.Equal(("", name), (open, open = name));
            else if (parts is [_, "ends"]) open = "";
            else Assert.Equal(open, word);
        }
        Assert.True(words.Count(word => word.EndsWith("begins", StringComparison.Ordinal)) >= 4);
    }

    private static (ReplayLog Log, IReadOnlyList<OutputDifference> Differences) Run(
        LiveTrace trace, int places, IReadOnlyList<LiveStrategy> strategies, Action<int>? heard = null)
    {
        if (places == 0)
        {
            var single = new BackToBackReplay(trace, strategies, []);
            return (single.Run(heard), single.Differences);
        }
        var arriving = new ArrivingReplay(trace, strategies, [], new ArrivalTimes(1, places));
        return (arriving.Run(heard), arriving.Differences);
    }
}
