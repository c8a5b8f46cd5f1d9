using Atlas.Compute.Cpu.Tokens;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Speculator.Adaptive.Tests;

public sealed class TextSpeculatorsTests
{
    private static readonly CpuTokenHeads Heads = new(new TokenHeadConfig { ContextLength = 16, Contexts = 1 << 8 }, 50);

    [Fact]
    public void Both_draft_from_the_text_alone()
    {
        using var text = new TextSpeculators(Heads, new SuffixOptions { VocabularySize = 50 }, 0f);
        using var head = Heads.Create(null, 1);
        // A text that has said what follows 7 twice already.
        var sequence = new DecodeSequence(1, [7, 8, 9, 3, 7, 8, 9, 4, 7], SamplingOptions.Greedy, new StopRules(8, []), 8) { Budget = DraftBudget.Chain(2) };
        text.Learned.Propose([sequence]);
        Assert.Equal(0, sequence.Draft.Count);
        text.Slots.Of(sequence.Namespace).Publish(new LearnedVersion(1, head));
        text.Learned.Propose([sequence]);
        Assert.True(sequence.Draft.Count > 0);
        sequence.Draft.Clear();
        text.Suffix.Propose([sequence]);
        Assert.Equal([8, 9], sequence.Draft.Tokens.ToArray());
    }

    [Fact]
    public void Vocabularies_that_differ_are_refused() =>
        Assert.Contains("expected 50", Assert.Throws<ArgumentException>(() => new TextSpeculators(Heads, new SuffixOptions { VocabularySize = 51 }, 0f)).Message);
}
