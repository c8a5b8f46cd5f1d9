using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Replay;

public sealed class RecordedReplayTests
{
    [Fact]
    public void Every_strategy_emits_every_token_and_repetition_pays()
    {
        var trace = ReplayTraffic.Repeating(60, "a");
        var log = Run(trace);
        foreach (string name in log.Strategies)
        {
            var total = log.Total(name);
            Assert.Equal(trace.Tokens, total.Tokens);
            Assert.Equal(60, total.Requests);
            Assert.Equal(total.Tokens, total.Forwards + total.Accepted);
            Assert.InRange(total.Accepted, 0, total.Drafted);
            Assert.InRange(total.Drafted, 0, total.Drafting.Tokens);
        }
        Assert.Equal(1, log.Total(ReplayStrategies.Plain).AcceptanceLength);
        Assert.Equal(0, log.Total(ReplayStrategies.Plain).Drafting.Calls);
        foreach (string name in (string[])[ReplayStrategies.Suffix, ReplayStrategies.Learned, ReplayStrategies.Merged, ReplayStrategies.Atlas])
        {
            Assert.True(log.OfTenth(name, 9).AcceptanceLength > 2, $"{name}: {log.OfTenth(name, 9).AcceptanceLength}");
            Assert.True(log.OfTenth(name, 9).AcceptanceLength > log.OfTenth(name, 0).AcceptanceLength, name);
            Assert.True(log.Speedup(name) > 1, $"{name}: {log.Speedup(name)}");
        }
    }

    [Fact]
    public void Tenths_and_namespaces_add_up_to_the_whole()
    {
        var log = Run(ReplayTraffic.Repeating(50, "a", "b"));
        Assert.Equal(["a", "b"], log.Namespaces);
        foreach (string name in log.Reported)
        {
            var total = log.Total(name);
            foreach (var parts in (List<ReplayTotals>[])[
                [.. Enumerable.Range(0, 10).Select(tenth => log.OfTenth(name, tenth))], [.. log.ByNamespace(name).Select(one => one.Totals)]])
            {
                var sum = ReplayTotals.Sum(parts);
                Assert.Equal((total.Requests, total.Tokens, total.Forwards, total.Drafted, total.Accepted), (sum.Requests, sum.Tokens, sum.Forwards, sum.Drafted, sum.Accepted));
                Assert.Equal(total.Seconds, sum.Seconds, 1e-9);
            }
        }
    }

    [Fact]
    public void The_oracle_is_no_slower_than_what_it_chooses_from_in_any_request()
    {
        var trace = ReplayTraffic.Repeating(40, "a");
        var log = Run(trace);
        for (int i = 0; i < trace.Requests.Count; i++)
            foreach (string name in log.Singles)
                Assert.True(log.Of(ReplayStrategies.Oracle, i).Seconds <= log.Of(name, i).Seconds);
        Assert.DoesNotContain(ReplayStrategies.Atlas, log.Singles);
        Assert.Equal(log.Total(ReplayStrategies.Atlas).Seconds / log.Total(ReplayStrategies.Oracle).Seconds - 1, log.Regret(ReplayStrategies.Atlas), 1e-12);
    }

    [Fact]
    public void A_log_that_was_taken_apart_is_put_together_as_it_was()
    {
        var log = Run(ReplayTraffic.Trace([.. Requests(ReplayTraffic.Repeating(50, "a")), .. Requests(ReplayTraffic.Noise(60, 2)), .. Requests(ReplayTraffic.Repeating(30, "b"))]));
        Assert.NotEmpty(log.StateOf(ReplayStrategies.Atlas, log.Count - 1).Drifts);
        var again = ReplayLog.Restore(log.Trace, log.TakeApart());
        Assert.Equal(log.Strategies, again.Strategies);
        foreach (string name in log.Strategies)
            for (int i = 0; i < log.Count; i++)
            {
                var (state, restored) = (log.StateOf(name, i), again.StateOf(name, i));
                Assert.Equal(log.Of(name, i), again.Of(name, i));
                Assert.Equal((state.Lookahead, state.Published, state.RolledBack), (restored.Lookahead, restored.Published, restored.RolledBack));
                Assert.Equal(state.Credits, restored.Credits);
                Assert.Equal(state.Drifts, restored.Drifts);
            }
        Assert.Throws<InvalidDataException>(() => ReplayLog.Restore(log.Trace, []));
        Assert.Throws<InvalidDataException>(() => ReplayLog.Restore(log.Trace with { Requests = [.. log.Trace.Requests.Skip(1)] }, log.TakeApart()));

        static IEnumerable<TraceRequest> Requests(RecordedTrace trace) => trace.Requests.Select(r => ReplayTraffic.Request(r.Namespace, [.. r.Prompt], [.. r.Output]));
    }

    [Fact]
    public void A_second_run_gives_the_same_counts()
    {
        var trace = ReplayTraffic.Repeating(30, "a", "b");
        var (one, two) = (Run(trace), Run(trace));
        foreach (string name in one.Strategies)
            for (int i = 0; i < trace.Requests.Count; i++)
                Assert.Equal(one.Of(name, i), two.Of(name, i));
    }

    // What one tenant says is never drafted for another: its figures are those it has alone.
    [Fact]
    public void A_namespace_does_as_well_as_alone()
    {
        var both = ReplayTraffic.Repeating(40, "a", "b");
        var alone = ReplayTraffic.Trace(both.Requests.Where(r => r.Namespace == "a").Select(r => ReplayTraffic.Request("a", r.Prompt, r.Output)));
        var (shared, single) = (Run(both), Run(alone));
        foreach (string name in (string[])[ReplayStrategies.Suffix, ReplayStrategies.Learned, ReplayStrategies.Merged])
        {
            var (here, there) = (shared.ByNamespace(name)[0].Totals, single.Total(name));
            Assert.Equal((there.Forwards, there.Drafted, there.Accepted), (here.Forwards, here.Drafted, here.Accepted));
        }
    }

    [Fact]
    public void On_noise_the_controller_stays_near_plain()
    {
        var log = Run(ReplayTraffic.Noise(60, seed: 3));
        Assert.InRange(log.Speedup(ReplayStrategies.Atlas), 0.9, 1.05);
    }

    [Fact]
    public void More_namespaces_than_are_kept_are_forgotten_in_turn()
    {
        string[] names = [.. Enumerable.Range(0, 80).Select(i => $"n{i}")];
        var requests = names.Concat(names[70..]).Select(name => ReplayTraffic.Request(name, [1, 2], [3, 4, 5, 6, 3, 4, 5, 6]));
        var log = Run(ReplayTraffic.Trace(requests));
        Assert.Equal(90 * 8, log.Total(ReplayStrategies.Learned).Tokens);
    }

    [Fact]
    public void The_conclusion_has_the_figures()
    {
        var log = Run(ReplayTraffic.Repeating(40, "a"));
        string text = ReplayConclusion.Of(log, modelled: true);
        Assert.Contains("40 requests with 1200 tokens", text);
        Assert.Contains(FormattableString.Invariant($"{log.Strategies.Skip(1).Max(name => log.Speedup(name)):F2} times plain"), text);
        Assert.Contains(FormattableString.Invariant($"{Math.Abs(log.Regret(ReplayStrategies.Atlas)):P1}"), text);
        Assert.EndsWith(".", text);
    }

    private static ReplayLog Run(RecordedTrace trace) => new RecordedReplay(trace, ReplayTraffic.Stacks(), ReplayStrategies.Recorded).Run();
}
