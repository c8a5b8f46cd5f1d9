using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Tests.Comparison;

/// <summary>Strategies side by side with several requests at once.</summary>
public sealed class BatchComparisonTests
{
    [Fact]
    public void Full_batches_are_timed_and_outputs_compared()
    {
        var (plain, good) = (Strategy("plain", Text, Text, 0), Strategy("good", Text, Text, 3));
        var comparison = new BatchComparison([plain, good], batch: 3, endTokens: [], firstId: 100);
        for (int turn = 0; turn < 2; turn++) comparison.Decode([.. Enumerable.Range(0, 9).Select(i => Request(10 + i))], turn);
        Assert.Empty(comparison.Differences);
        Assert.True(comparison.Goodput(0) > 0 && comparison.Goodput(1) > 0);
    }

    [Fact]
    public void A_batch_that_never_fills_is_not_timed()
    {
        var comparison = new BatchComparison([Strategy("plain", Text, Text, 0)], batch: 3, endTokens: [], firstId: 0);
        comparison.Decode([Request(10), Request(12)], 0);
        Assert.True(double.IsNaN(comparison.Goodput(0)));
    }

    [Fact]
    public void A_difference_is_found_with_its_request()
    {
        var wrong = Strategy("wrong", position => position == 14 ? 60 : Text(position), Text, 0);
        var comparison = new BatchComparison([Strategy("plain", Text, Text, 0), wrong], batch: 2, endTokens: [], firstId: 0);
        comparison.Decode([Request(5), Request(20), Request(5)], 2);
        Assert.Equal([new OutputDifference(7, "letters", "wrong", 12)], comparison.Differences);
    }

    [Fact]
    public void What_a_strategy_does_beside_decoding_runs_in_its_turns_only()
    {
        var log = new List<string>();
        var (a, b) = (Strategy("a", Text, Text, 0) with { Work = new LoggedWork("a", log) }, Strategy("b", Text, Text, 0) with { Work = new LoggedWork("b", log) });
        new BatchComparison([a, b], batch: 2, endTokens: [], firstId: 0).Decode([Request(2), Request(2)], 1);
        Assert.Equal(["b begins", "b", "b", "b ends", "a begins", "a", "a", "a ends"], log);
        log.Clear();
        new StrategyComparison([a, b], []).Decode(Request(2), 0);
        Assert.Equal(["a begins", "a", "a", "a ends", "b begins", "b", "b", "b ends"], log);
    }

    private static int Text(int position) => position * 7 % 40;

    private static EvaluationRequest Request(int maxTokens) => new("letters", [1, 2], SamplingOptions.Greedy, maxTokens);

    private static Strategy Strategy(string name, Func<int, int> text, Func<int, int> draft, int lookahead) => new(
        name,
        new SpeculativeDecoder(new ScriptedTarget(text), new ScriptedSpeculator(draft), new FixedPlanner(DraftBudget.Chain(lookahead)), new CoupledVerifier()),
        lookahead);
}
