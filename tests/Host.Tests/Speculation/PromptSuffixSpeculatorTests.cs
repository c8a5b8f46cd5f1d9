using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Host.Speculation;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Host.Tests.Speculation;

public sealed class PromptSuffixSpeculatorTests
{
    private static readonly SuffixOptions Options = new() { VocabularySize = 1000 };

    [Fact]
    public void What_followed_under_the_same_prompt_goes_before_what_followed_elsewhere()
    {
        var speculator = New();
        Tell(speculator, 1, [1, 2, 3], [10, 11, 12, 13, 14]);
        // The same text goes on otherwise under other prompts, and more often.
        for (int i = 0; i < 3; i++) Tell(speculator, 2 + i, [4, 5, 6 + i], [10, 11, 12, 23, 24]);
        Assert.Equal([13, 14], Draft(speculator, 10, [1, 2, 3], [10, 11, 12])[..2]);
        Assert.Equal(23, Draft(speculator, 11, [4, 5, 6], [10, 11, 12])[0]);
        Assert.Equal(4, speculator.Prompts);
    }

    [Fact]
    public void A_new_prompt_drafts_from_its_namespace()
    {
        var speculator = New();
        Tell(speculator, 1, [1, 2, 3], [10, 11, 12, 13, 14]);
        Assert.Equal([13, 14], Draft(speculator, 2, [7, 8, 9], [10, 11, 12])[..2]);
    }

    [Fact]
    public void Samples_that_are_decoded_together_draft_from_each_other_and_budgets_stay()
    {
        var speculator = New();
        var first = Sequence(1, [1, 2, 3], [10, 11, 12, 13]);
        var second = Sequence(2, [1, 2, 3], [10]);
        foreach (var sequence in (DecodeSequence[])[first, second]) sequence.Budget = DraftBudget.Chain(3);
        speculator.Propose([first, second]);
        Assert.Equal([11, 12, 13], second.Draft.Tokens.ToArray());
        Assert.Equal(DraftBudget.Chain(3), second.Budget);
        speculator.Release(first);
        speculator.Release(second);
    }

    [Fact]
    public void Prompts_used_least_recently_make_room()
    {
        var speculator = New();
        for (int i = 0; i < PromptSuffixSpeculator.MostPrompts + 5; i++) Tell(speculator, i, [1, i], [2, 3]);
        Assert.Equal(PromptSuffixSpeculator.MostPrompts, speculator.Prompts);
    }

    private static PromptSuffixSpeculator New() => new(new SuffixSpeculator(Options), Options);

    private static DecodeSequence Sequence(long id, int[] prompt, int[] output)
    {
        var sequence = new DecodeSequence(id, prompt, SamplingOptions.Greedy, new StopRules(32, []), 8);
        foreach (int token in output) sequence.Emit(new SampledToken(token, 0f, 0f));
        return sequence;
    }

    private static void Tell(PromptSuffixSpeculator speculator, long id, int[] prompt, int[] output) => speculator.Release(Sequence(id, prompt, output));

    private static int[] Draft(PromptSuffixSpeculator speculator, long id, int[] prompt, int[] output)
    {
        var sequence = Sequence(id, prompt, output);
        sequence.Budget = DraftBudget.Chain(4);
        speculator.Propose([sequence]);
        int[] tokens = sequence.Draft.Tokens.ToArray();
        speculator.Release(sequence);
        return tokens;
    }
}
