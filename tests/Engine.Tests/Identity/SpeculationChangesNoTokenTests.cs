using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Engine.Tests.Identity;

/// <summary>
/// The promise of the design: with the embedded engine the same tokens and the same log-probabilities, to the bit, whatever is drafted, by
/// whom, and beside whom a sequence is decoded.
/// </summary>
public sealed class SpeculationChangesNoTokenTests
{
    private static readonly DraftBudget[] Budgets =
        [DraftBudget.Chain(1), DraftBudget.Chain(3), DraftBudget.Chain(8), new(3, 6, 2), new(5, 12, 3), new(12, 12, 4)];

    public static TheoryData<string> Samplings => [.. OptionSets.Names];

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Under_every_sampling_option(string sampling)
    {
        using var pair = new TinyPair(0.3, Sizes(4));
        var generation = new Generation(pair) { Options = i => OptionSets.Get(sampling, pair.Vocabulary, i) };
        var plain = generation.Run(DraftBudget.None);
        long accepted = 0;
        foreach (var budget in Budgets) accepted += AssertSame(plain, generation.Run(budget));
        Assert.True(accepted > 0, "no draft token was accepted: the test shows nothing");
    }

    [Theory]
    [InlineData(WeightFormat.F32)]
    [InlineData(WeightFormat.BF16)]
    [InlineData(WeightFormat.Int8)]
    public void In_every_weight_format(WeightFormat format)
    {
        using var pair = new TinyPair(0.2, Sizes(4) with { Format = format });
        foreach (string sampling in new[] { "greedy", "all" })
        {
            var generation = new Generation(pair) { Options = i => OptionSets.Get(sampling, pair.Vocabulary, i), MaxTokens = 40 };
            var plain = generation.Run(DraftBudget.None);
            foreach (var budget in Budgets) AssertSame(plain, generation.Run(budget));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public void In_batches_of_every_size(int batch)
    {
        using var pair = new TinyPair(0.3, Sizes(16));
        var alone = new Generation(pair) { Batch = 1, Requests = 20, Options = i => OptionSets.Get("temperature", pair.Vocabulary, i) };
        var plain = alone.Run(DraftBudget.None);
        var together = new Generation(pair) { Batch = batch, Requests = 20, Options = alone.Options };
        AssertSame(plain, together.Run(DraftBudget.None));
        foreach (var budget in Budgets.Where(b => b.Depth is 3 or 5)) AssertSame(plain, together.Run(budget));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(1.0)]
    [InlineData(4.0)]
    public void With_every_quality_of_draft(double disagreement)
    {
        using var pair = new TinyPair(disagreement, Sizes(4));
        var generation = new Generation(pair) { Options = i => OptionSets.Get(i % 2 == 0 ? "greedy" : "all", pair.Vocabulary, i) };
        var plain = generation.Run(DraftBudget.None);
        foreach (var budget in Budgets)
        {
            var sequences = generation.Run(budget);
            long accepted = AssertSame(plain, sequences);
            if (disagreement == 0 && budget.Branches == 1) Assert.Equal(sequences.Sum(s => s.Statistics.Drafted), accepted);
        }
    }

    [Fact]
    public void With_prompts_longer_than_a_forward()
    {
        using var pair = new TinyPair(0.3, Sizes(4));
        using var small = new TinyPair(0.3, Sizes(4) with { MaxRows = 24, MaxPending = 16 });
        Generation Of(TinyPair p) =>
            new(p) { Prompt = (30, 90), MaxTokens = 20, Options = i => OptionSets.Get("all", p.Vocabulary, i) };
        var plain = Of(pair).Run(DraftBudget.None);
        AssertSame(plain, Of(small).Run(DraftBudget.None));
        foreach (var budget in Budgets) AssertSame(plain, Of(small).Run(budget));
    }

    [Fact]
    public void When_rows_run_out_and_drafts_are_cut_short()
    {
        // 16 sequences want up to 13 rows each; a forward has 20.
        using var wide = new TinyPair(0.2, Sizes(16));
        using var narrow = new TinyPair(0.2, Sizes(16) with { MaxRows = 20 });
        Generation Of(TinyPair p) => new(p) { Batch = 16, Requests = 20, Options = i => OptionSets.Get("temperature", p.Vocabulary, i) };
        var plain = Of(wide).Run(DraftBudget.None);
        foreach (var budget in Budgets) AssertSame(plain, Of(narrow).Run(budget));
    }

    [Fact]
    public void When_drafting_stops_early()
    {
        using var pair = new TinyPair(0.3, Sizes(4));
        var plain = new Generation(pair).Run(DraftBudget.None);
        foreach (float confidence in new[] { 0.2f, 0.6f, 0.95f })
            AssertSame(plain, new Generation(pair) { MinPathConfidence = confidence }.Run(new DraftBudget(6, 12, 3)));
    }

    [Fact]
    public void When_the_draft_models_context_ends_before_the_targets()
    {
        using var pair = new TinyPair(0.2, Sizes(4), Sizes(4) with { ContextLength = 30 });
        var generation = new Generation(pair) { MaxTokens = 60 };
        var plain = generation.Run(DraftBudget.None);
        foreach (var budget in Budgets) AssertSame(plain, generation.Run(budget));
    }

    [Fact]
    public void Up_to_the_last_place_of_the_context()
    {
        using var pair = new TinyPair(0.1, Sizes(4) with { ContextLength = 40 });
        var generation = new Generation(pair) { Prompt = (16, 16), MaxTokens = 24 };
        var plain = generation.Run(DraftBudget.None);
        foreach (var budget in Budgets) AssertSame(plain, generation.Run(budget));
    }

    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("qwen3")]
    [InlineData("qwen2")]
    [InlineData("odd-widths")]
    [InlineData("wide-heads")]
    public void In_every_model_family(string model)
    {
        foreach (string sampling in OptionSets.Names)
        {
            using var pair = new TinyPair(0.2, Sizes(8), model: model);
            var generation = new Generation(pair) { Batch = 8, Requests = 12, Options = i => OptionSets.Get(sampling, pair.Vocabulary, i) };
            var plain = generation.Run(DraftBudget.None);
            foreach (var budget in Budgets) AssertSame(plain, generation.Run(budget));
        }
    }

    internal static DecoderOptions Sizes(int sequences) =>
        new() { Format = WeightFormat.F32, MaxSequences = sequences, MaxRows = 224, MaxPending = 64 };

    // Tokens, log-probabilities to the bit, and the reason of the end; returns the draft tokens accepted on the way.
    private static long AssertSame(DecodeSequence[] expected, DecodeSequence[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Output.ToArray(), actual[i].Output.ToArray());
            Assert.Equal(
                expected[i].OutputLogProbs.ToArray().Select(BitConverter.SingleToInt32Bits),
                actual[i].OutputLogProbs.ToArray().Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(expected[i].Finish, actual[i].Finish);
            Assert.Equal(actual[i].Output.Length, actual[i].Statistics.Emitted);
        }
        return actual.Sum(s => s.Statistics.Accepted);
    }
}
