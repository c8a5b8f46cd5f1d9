using Atlas.Core.Drafting;
using Atlas.Speculator.Adaptive.Suffix;
using Xunit.Abstractions;

namespace Atlas.Speculator.Adaptive.Tests.Suffix.Recorded;

/// <summary>What the drafts are worth on recorded text, beside ArcticInference's rule on the same tokens. docs/suffix.md has the figures.</summary>
public sealed class RecordedTextTests(ITestOutputHelper output)
{
    private const int Lookahead = 8;

    // Files, items per workload, sessions.
    private static readonly Dictionary<string, int> Sizes = new() { ["code"] = 40, ["workloads"] = 30, ["edits"] = 5 };

    public static TheoryData<string> Kinds => [.. RecordedTraffic.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Acceptance_length_is_above_that_of_Arctics_rule(string kind)
    {
        var requests = RecordedTraffic.Get(kind, Sizes[kind]);
        var budget = DraftBudget.Chain(Lookahead);
        // As it is shipped, and as long as its drafts can be.
        var theirs = Report("arctic, 1 per matched", new RecordedDecoding(new ArcticRule(1, 0.1), budget).Run(requests));
        var theirLongest = Report("arctic, 8 per matched", new RecordedDecoding(new ArcticRule(8, 0), budget).Run(requests));
        var ours = Report("suffix", new RecordedDecoding(Speculator(0.15f), budget).Run(requests));
        var ourLongest = Report("suffix, no bounds", new RecordedDecoding(Speculator(0f), budget).Run(requests));
        Assert.True(ours.AcceptanceLength > theirs.AcceptanceLength);
        Assert.True(ourLongest.AcceptanceLength > theirLongest.AcceptanceLength);
        // Not by drafting more.
        Assert.True(ours.Drafted < 1.25 * theirs.Drafted, $"{ours.Drafted} tokens drafted, {theirs.Drafted} by Arctic's rule");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Confidence_is_about_right(string kind)
    {
        foreach (var budget in new[] { DraftBudget.Chain(Lookahead), new DraftBudget(Lookahead, 2 * Lookahead, 3) })
        {
            var run = new RecordedDecoding(Speculator(0f), budget).Run(RecordedTraffic.Get(kind, Sizes[kind]));
            output.WriteLine($"{kind}, {budget.Branches} branches: calibration error {run.CalibrationError:f3} over {run.Judged} draft tokens");
            Assert.True(run.Judged > 3000);
            Assert.True(run.CalibrationError < 0.1, $"calibration error {run.CalibrationError:f3}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trees_accept_more_than_chains(string kind)
    {
        var requests = RecordedTraffic.Get(kind, Sizes[kind]);
        var chain = new RecordedDecoding(Speculator(0f), DraftBudget.Chain(Lookahead)).Run(requests).Statistics;
        var tree = new RecordedDecoding(Speculator(0f), new DraftBudget(Lookahead, 2 * Lookahead, 3)).Run(requests).Statistics;
        Assert.True(tree.AcceptanceLength > chain.AcceptanceLength);
    }

    private static SuffixSpeculator Speculator(float minPathConfidence) => new(new SuffixOptions
    {
        VocabularySize = RecordedTraffic.VocabularySize,
        MinPathConfidence = minPathConfidence,
        DraftPerMatched = minPathConfidence == 0f ? Lookahead : 4f,
    });

    private Atlas.Core.Decoding.DecodeStatistics Report(string name, RecordedDecoding run)
    {
        var counts = run.Statistics;
        output.WriteLine($"{name}: acceptance length {counts.AcceptanceLength:f3}, {(double)counts.Drafted / counts.Forwards:f2} drafted per step, "
            + $"acceptance rate {counts.AcceptanceRate:f3}");
        return counts;
    }
}
