using Atlas.Evaluation.Rollouts;
using Atlas.Evaluation.Tests.PolicyGradient;

namespace Atlas.Evaluation.Tests.Rollouts;

public sealed class RolloutRunnerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(20)]
    public void Samples_depend_neither_on_the_batch_nor_on_who_drafts(int batch)
    {
        using var policy = new TinyPolicy(places: 26);
        var requests = TinyPolicy.Requests(5, 4);
        var alone = new RolloutRunner(policy.Plain(), requests.Count, TinyPolicy.Config.EndTokens).Run(requests, 0);
        foreach (var strategy in (RolloutStrategy[])[policy.Plain(), policy.Static(), policy.Suffix()])
        {
            var result = new RolloutRunner(strategy, batch, TinyPolicy.Config.EndTokens).Run(requests, 0);
            Assert.All(alone.Samples.Zip(result.Samples), pair => Assert.True(pair.First.SameBits(pair.Second)));
            // Every place is free again.
            var again = new RolloutRunner(strategy, batch, TinyPolicy.Config.EndTokens).Run(requests, 100);
            Assert.All(alone.Samples.Zip(again.Samples), pair => Assert.True(pair.First.SameBits(pair.Second)));
        }
    }

    [Fact]
    public void Samples_end_at_an_end_token_or_at_the_limit_and_differ_within_a_group()
    {
        using var policy = new TinyPolicy();
        var samples = new RolloutRunner(policy.Plain(), 8, TinyPolicy.Config.EndTokens).Run(TinyPolicy.Requests(2, 6), 0).Samples;
        foreach (var sample in samples)
        {
            Assert.Equal(sample.Ended, sample.Tokens[^1] == TinyPolicy.End);
            Assert.True(sample.Ended || sample.Tokens.Length == 12);
            Assert.Equal(sample.Tokens.Length - (sample.Ended ? 1 : 0), sample.Answer.Length);
            Assert.DoesNotContain(TinyPolicy.End, sample.Answer.ToArray());
        }
        Assert.True(samples.Take(6).Select(sample => string.Join(' ', sample.Tokens)).Distinct().Count() > 3);
    }

    [Fact]
    public void What_was_counted_by_live_samples_adds_up()
    {
        using var policy = new TinyPolicy();
        var result = new RolloutRunner(policy.Static(), 8, TinyPolicy.Config.EndTokens).Run(TinyPolicy.Requests(3, 4), 0);
        var totals = result.Totals;
        Assert.Equal(result.Samples.Sum(sample => sample.Tokens.Length), totals.Tokens);
        Assert.Equal(totals.ByLive.Select(counts => counts.AtMost).Order(), totals.ByLive.Select(counts => counts.AtMost));
        Assert.All(totals.ByLive, counts => Assert.Contains(counts.AtMost, (int[])[2, 4, 8]));
        Assert.InRange(totals.ByLive.Sum(counts => counts.Tokens), 1, totals.Tokens);
        Assert.True(totals.ByLive.Sum(counts => counts.Seconds) <= totals.Seconds);
        Assert.InRange(totals.Accepted, 1, totals.Drafted);
        var twice = RolloutTotals.Sum([totals, totals]);
        Assert.Equal((2 * totals.Tokens, 2 * totals.Drafted), (twice.Tokens, twice.Drafted));
        Assert.Equal(totals.ByLive.Select(counts => 2 * counts.Tokens), twice.ByLive.Select(counts => counts.Tokens));
        Assert.Equal(totals.AcceptanceRate, twice.AcceptanceRate);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 8)]
    [InlineData(33, 64)]
    public void Live_samples_are_counted_up_to_powers_of_two(int live, int bound) => Assert.Equal(bound, LiveCounts.BoundOf(live));
}
