using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Tests.Comparison;

public sealed class StrategyScoreTests
{
    private static readonly EvaluationRequest Request = new("a", [1], SamplingOptions.Greedy, 10);

    [Fact]
    public void Ratios_are_of_totals_and_not_means_of_ratios()
    {
        // 10 tokens per second and 3.33: their mean would be 6.67.
        var score = new StrategyScore("s", 4);
        score.Add(Decoded(emitted: 11, after: 10, decodeSeconds: 1, totalSeconds: 2, FinishReason.EndToken), Request);
        score.Add(Decoded(emitted: 31, after: 30, decodeSeconds: 9, totalSeconds: 12, FinishReason.Length), Request);
        Assert.Equal(40.0 / 10, score.Goodput, 12);
        Assert.Equal(42.0 / 14, score.EndToEnd, 12);
        Assert.Equal(0.5, score.EndedByThemselves);
        Assert.True(double.IsNaN(score.Accuracy));
    }

    [Fact]
    public void Groups_add_up_to_what_one_group_of_all_would_say()
    {
        DecodedRequest[] all =
        [
            Decoded(7, 5, 0.5, 0.75, FinishReason.EndToken), Decoded(3, 2, 0.25, 0.5, FinishReason.StopString),
            Decoded(9, 8, 2, 4, FinishReason.Length),
        ];
        var request = Request with { Accepts = answer => answer.Length < 8 };
        var together = new StrategyScore("s", 4);
        var total = new StrategyScore("s", 4);
        foreach (var decoded in all)
        {
            together.Add(decoded, request);
            var group = new StrategyScore("s", 4);
            group.Add(decoded, request);
            total.Add(group);
        }
        Assert.Equal(Figures(together), Figures(total));
        Assert.Equal(2.0 / 3, total.Accuracy, 12);
        Assert.Equal(2.0 / 3, total.EndedByThemselves, 12);
        Assert.Equal(19, total.Statistics.Emitted);
    }

    [Fact]
    public void Nothing_decoded_scores_nothing()
    {
        var score = new StrategyScore("s", 4);
        Assert.Equal((0, 0, 0), (score.Goodput, score.EndToEnd, score.EndedByThemselves));
        Assert.True(double.IsNaN(score.Accuracy));
    }

    private static (long, long, double, double, double, double) Figures(StrategyScore score) =>
        (score.Requests, score.Statistics.Emitted, score.Goodput, score.EndToEnd, score.Accuracy, score.EndedByThemselves);

    private static DecodedRequest Decoded(int emitted, int after, double decodeSeconds, double totalSeconds, FinishReason finish)
    {
        var statistics = new DecodeStatistics(4);
        statistics.AddStep(new DraftTree(4), 0, emitted);
        return new DecodedRequest(new int[emitted], finish, statistics, after, decodeSeconds, totalSeconds);
    }
}
