using Atlas.Controller.Latency;
using Atlas.Core.Decoding;

namespace Atlas.Controller.Tests.Latency;

public sealed class DraftLatencyTests
{
    [Fact]
    public void It_learns_call_and_level_when_depths_vary()
    {
        var latency = new DraftLatency(new DraftCost(0, 1e-3, 0));
        for (int i = 0; i < 300; i++) latency.Observe(new DraftTiming(0, 1, 1 + i % 6, 1 + i % 6, 50e-6 + (1 + i % 6) * 0.25e-3));
        for (int levels = 1; levels <= 6; levels++) Assert.Equal(50e-6 + levels * 0.25e-3, latency.Cost.Of(levels, levels), 5);
    }

    [Fact]
    public void It_is_right_where_it_was_observed_when_they_do_not()
    {
        var latency = new DraftLatency(new DraftCost(0, 50e-6, 0));
        for (int i = 0; i < 300; i++) latency.Observe(new DraftTiming(0, 1, 4, 4, 1e-3));
        Assert.Equal(1e-3, latency.Cost.Of(4, 4), 5);
        Assert.True(latency.Cost is { PerCall: >= 0, PerLevel: >= 0, PerToken: >= 0 });
    }

    [Fact]
    public void Reading_is_learned_apart_from_drafting()
    {
        var latency = new DraftLatency(new DraftCost(0, 0.25e-3, 0));
        // A first call for a prompt of some hundred tokens among many calls that have nothing to read.
        for (int i = 0; i < 400; i++)
        {
            int read = i % 40 == 0 ? 300 + i : 0;
            latency.Observe(new DraftTiming(0, 1, 1 + i % 4, 1 + i % 4, (1 + i % 4) * 0.25e-3 + read * 30e-6), read);
        }
        Assert.Equal(30e-6, latency.Cost.PerRead, 6);
        Assert.Equal(1e-3, latency.Cost.Of(4, 4), 5);
        Assert.Equal(1e-3 + 1000 * 30e-6, latency.Cost.Of(4, 4, 1000), 3);
    }

    [Fact]
    public void A_first_call_with_cold_code_does_not_count()
    {
        var latency = new DraftLatency(new DraftCost(3e-6, 0, 0));
        latency.Observe(new DraftTiming(0, 1, 4, 4, 20e-3));
        Assert.Equal(3e-6, latency.Cost.Of(4, 4), 9);
        for (int i = 0; i < 50; i++) latency.Observe(new DraftTiming(0, 1, 4, 4, 5e-6));
        Assert.Equal(5e-6, latency.Cost.Of(4, 4), 6);
    }

    [Fact]
    public void Stalls_and_nonsense_hardly_move_it()
    {
        var latency = new DraftLatency(new DraftCost(0, 50e-6, 0));
        for (int i = 0; i < 100; i++) latency.Observe(new DraftTiming(0, 1, 2, 2, 1e-4));
        double before = latency.Cost.Of(2, 2);
        foreach (double seconds in new[] { 1.0, double.NaN, -1, 0 }) latency.Observe(new DraftTiming(0, 1, 2, 2, seconds));
        Assert.InRange(latency.Cost.Of(2, 2), before, 1.1 * before);
    }

    [Fact]
    public void A_stall_among_the_first_calls_hardly_moves_it_either()
    {
        var latency = new DraftLatency(new DraftCost(10e-6, 0, 0));
        for (int call = 0; call < 6; call++) latency.Observe(new DraftTiming(0, 1, 4, 4, call == 3 ? 50e-3 : 10e-6));
        Assert.InRange(latency.Cost.Of(4, 4), 9e-6, 20e-6);
    }

    [Fact]
    public void A_cost_many_times_what_was_expected_is_found_all_the_same()
    {
        var latency = new DraftLatency(new DraftCost(10e-6, 0, 0));
        for (int call = 0; call < 60; call++) latency.Observe(new DraftTiming(0, 1, 4, 4, 500e-6));
        Assert.InRange(latency.Cost.Of(4, 4), 400e-6, 520e-6);
    }

    [Fact]
    public void What_was_learned_fades_while_it_is_not_called()
    {
        var latency = new DraftLatency(new DraftCost(10e-6, 0, 0));
        for (int call = 0; call < 60; call++) latency.Observe(new DraftTiming(0, 1, 4, 4, 500e-6));
        for (int step = 0; step < 3000; step++) latency.Rest();
        Assert.InRange(latency.Cost.Of(4, 4), 9e-6, 20e-6);
    }
}
