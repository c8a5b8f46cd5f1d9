using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Tests.Comparison;

public sealed class StrategyComparisonTests
{
    private const int End = 99;

    [Fact]
    public void Strategies_that_emit_the_same_tokens_are_identical()
    {
        var comparison = new StrategyComparison([Plain(Text), Drafting("good", Text, Text), Drafting("bad", Text, _ => 50)], [End]);
        for (int turn = 0; turn < 6; turn++) comparison.Decode(Request("letters", 10 + turn), turn);
        Assert.Empty(comparison.Differences);
        Assert.Equal(["letters"], comparison.Domains);
    }

    [Fact]
    public void A_planted_difference_is_found_with_its_place()
    {
        // Two tokens of prompt: absolute position 9 is output position 7.
        var wrong = Drafting("wrong", position => position == 9 ? 60 : Text(position), Text);
        var comparison = new StrategyComparison([Plain(Text), Drafting("right", Text, Text), wrong], [End]);
        comparison.Decode(Request("short", 7), 0);
        Assert.Empty(comparison.Differences);
        comparison.Decode(Request("long", 12), 1);
        Assert.Equal([new OutputDifference(1, "long", "wrong", 7)], comparison.Differences);
    }

    [Fact]
    public void An_output_that_ends_earlier_is_a_difference()
    {
        var early = Drafting("early", position => position == 6 ? End : Text(position), Text);
        var comparison = new StrategyComparison([Plain(Text), early], [End]);
        comparison.Decode(Request("letters", 10), 3);
        Assert.Equal([new OutputDifference(3, "letters", "early", 4)], comparison.Differences);
    }

    [Fact]
    public void Scores_count_what_was_drafted_accepted_and_emitted()
    {
        // Lookahead 3, all accepted: 4 tokens a forward. 8 tokens: 2 forwards; the last step may draft only as far as it can emit.
        var comparison = new StrategyComparison([Plain(Text), Drafting("good", Text, Text), Drafting("bad", Text, _ => 50)], [End]);
        comparison.Decode(Request("a", 8), 0);
        comparison.Decode(Request("b", 4), 1);
        var plain = comparison.Total("plain");
        Assert.Equal((2L, 12L, 12L, 0L), (plain.Requests, plain.Statistics.Emitted, plain.Statistics.Forwards, plain.Statistics.Drafted));
        var good = comparison.Score("a", "good").Statistics;
        Assert.Equal((8L, 2L, 6L, 6L), (good.Emitted, good.Forwards, good.Drafted, good.Accepted));
        Assert.Equal(4, comparison.Total("good").Statistics.AcceptanceLength);
        Assert.Equal(1, comparison.Total("good").Statistics.AcceptanceRate);
        Assert.Equal(1, comparison.Total("bad").Statistics.AcceptanceLength);
        Assert.Equal(0, comparison.Total("bad").Statistics.AcceptanceRate);
        Assert.True(comparison.Total("bad").Statistics.Drafted > 0);
    }

    [Fact]
    public void Right_answers_are_judged_without_the_end_token()
    {
        int At(int position) => position == 5 ? End : Text(position);
        var seen = new List<int[]>();
        var comparison = new StrategyComparison([Plain(At)], [End]);
        comparison.Decode(Request("a", 10) with { Accepts = answer => Keep(seen, answer) }, 0);
        comparison.Decode(Request("a", 10) with { Accepts = _ => false }, 1);
        comparison.Decode(Request("a", 2), 2);
        Assert.Equal([[Text(2), Text(3), Text(4)]], seen);
        var score = comparison.Score("a", "plain");
        Assert.Equal(0.5, score.Accuracy);
        Assert.Equal(2.0 / 3, score.EndedByThemselves, 12);
    }

    [Fact]
    public void The_order_of_strategies_rotates_and_every_sequence_is_released()
    {
        var log = new List<string>();
        ScriptedTarget[] targets = [.. ((string[])["p", "q", "r"]).Select(name => new ScriptedTarget(Text, log, name))];
        Strategy[] strategies = [.. targets.Select((target, i) => new Strategy($"s{i}", Decoder(target, new NoSpeculator(), DraftBudget.None), 0))];
        var comparison = new StrategyComparison(strategies, [End]);
        for (int turn = 0; turn < 3; turn++) comparison.Decode(Request("a", 3), turn);
        Assert.Equal("pqrqrprpq", string.Concat(log));
        Assert.All(targets, target => Assert.Equal(0, target.Open));
    }

    [Fact]
    public void Domains_keep_the_order_they_were_seen_in()
    {
        var comparison = new StrategyComparison([Plain(Text)], [End]);
        foreach (string domain in (string[])["z", "a", "z", "m"]) comparison.Decode(Request(domain, 2), 0);
        Assert.Equal(["z", "a", "m"], comparison.Domains);
        Assert.Equal(2, comparison.Score("z", "plain").Requests);
        Assert.Equal(4, comparison.Total("plain").Requests);
    }

    private static bool Keep(List<int[]> seen, ReadOnlyMemory<int> answer)
    {
        seen.Add(answer.ToArray());
        return true;
    }

    private static int Text(int position) => position * 7 % 40;

    private static EvaluationRequest Request(string domain, int maxTokens) => new(domain, [1, 2], SamplingOptions.Greedy, maxTokens);

    private static Strategy Plain(Func<int, int> text) =>
        new("plain", Decoder(new ScriptedTarget(text), new NoSpeculator(), DraftBudget.None), 0);

    private static Strategy Drafting(string name, Func<int, int> text, Func<int, int> draft) =>
        new(name, Decoder(new ScriptedTarget(text), new ScriptedSpeculator(draft), new DraftBudget(3, 3, 1)), 3);

    private static SpeculativeDecoder Decoder(ScriptedTarget target, Atlas.Core.Decoding.ISpeculator speculator, DraftBudget budget) =>
        new(target, speculator, new FixedPlanner(budget), new CoupledVerifier());
}
