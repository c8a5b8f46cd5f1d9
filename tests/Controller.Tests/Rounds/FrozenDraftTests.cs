using Atlas.Controller.Metrics;
using Atlas.Controller.Rounds;
using Atlas.Controller.Traffic;
using Atlas.Core.Drafting;

namespace Atlas.Controller.Tests.Rounds;

/// <summary>Drafts of two speculators, judged by a text that arrives bit by bit. The sequence held 5 tokens when they drafted.</summary>
public sealed class FrozenDraftTests
{
    private static readonly int[] Before = [0, 0, 0, 0, 0];

    private readonly NamespaceState _learner;
    private readonly ControllerMetrics _metrics;

    public FrozenDraftTests()
    {
        var options = PlannerRig.Options(speculators: 2);
        _metrics = new ControllerMetrics(options);
        _learner = new NamespaceState("a", options, _metrics);
    }

    [Fact]
    public void Each_speculators_accepted_tokens_are_those_the_text_confirms()
    {
        var draft = Freeze([10, 11, 99], [10, 11, 12, 13], pays: 4);
        draft.Judge([.. Before, 10, 11, 12, 14], _learner, _learner.All);
        Assert.True(draft.IsJudged);
        Assert.Equal((2, 3), (draft.Accepted(0), draft.Accepted(1)));
        Assert.Equal(0b11, draft.Refused);
        Assert.Equal(2, draft.Outcome(0b01).Accepted);
        Assert.Equal(3, draft.Outcome(0b10).Accepted);
        Assert.Equal(3, draft.Outcome(0b11).Accepted);
    }

    [Fact]
    public void It_waits_for_text_that_is_not_written_yet()
    {
        var draft = Freeze([10, 11], [10, 11, 12, 13], pays: 4);
        draft.Judge([.. Before, 10], _learner, _learner.All);
        Assert.False(draft.IsJudged);
        draft.Judge([.. Before, 10, 11, 12], _learner, _learner.All);
        Assert.False(draft.IsJudged);
        draft.Judge([.. Before, 10, 11, 12, 13], _learner, _learner.All);
        Assert.True(draft.IsJudged);
        // The first one's draft held to its end: nothing of it was refused.
        Assert.Equal(0, draft.Refused);
        Assert.Equal((2, 4), (draft.Accepted(0), draft.Accepted(1)));
    }

    [Fact]
    public void Only_nodes_whose_parent_was_accepted_are_learned_from()
    {
        Freeze([10, 98, 97], [96, 95], pays: 9).Judge([.. Before, 10, 11, 12], _learner, _learner.All);
        // 10 and 98 of the first speculator, 96 of the second.
        Assert.Equal(2, _metrics.Speculators[0].CalibrationSamples);
        Assert.Equal(1, _metrics.Speculators[1].CalibrationSamples);
        Assert.Equal(3, _metrics.CalibrationSamples);
    }

    [Fact]
    public void An_arm_counts_the_rows_and_tokens_of_nodes_that_pay_shared_ones_once()
    {
        // Nodes in order: 10, 11, 99 of both paths, then 12, 13: of these the first four pay.
        var draft = Freeze([10, 11, 99], [10, 11, 12, 13], pays: 4);
        draft.Judge([.. Before, 10, 11, 12, 13], _learner, _learner.All);
        Assert.Equal((2, 3), draft.Outcome(0b01));
        Assert.Equal((3, 3), draft.Outcome(0b10));
        Assert.Equal((3, 4), draft.Outcome(0b11));
    }

    [Fact]
    public void An_empty_draft_is_judged_at_once()
    {
        var draft = Freeze([], [], pays: 0);
        Assert.True(draft.IsJudged);
        Assert.Equal((0, 0), draft.Outcome(0b11));
        Assert.Equal((0b11, 0), (draft.Invoked, draft.Drafted));
    }

    private static FrozenDraft Freeze(int[] first, int[] second, int pays)
    {
        var merged = new DraftTree(16);
        foreach (var (tokens, index) in new[] { (first, 0), (second, 1) })
        {
            var tree = new DraftTree(8);
            for (int i = 0; i < tokens.Length; i++) tree.Add(tokens[i], i - 1, 0.5f);
            merged.Merge(tree, index);
        }
        var frozen = new FrozenDraft(16, 2);
        frozen.Freeze(merged, Before.Length, load: 0, 0b11, [.. Enumerable.Range(0, merged.Count).Select(i => i < pays)]);
        return frozen;
    }
}
