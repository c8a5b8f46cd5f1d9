using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Fakes;

namespace Atlas.Engine.Tests;

public sealed class MergedSpeculatorTests
{
    [Fact]
    public void A_path_that_two_propose_is_drafted_once()
    {
        var sequence = Propose(Sequence(16), Chain("a", 10, 11, 12), Chain("b", 10, 11, 99));
        Assert.Equal([10, 11, 12, 99], sequence.Draft.Tokens.ToArray());
        Assert.Equal([3, 3, 1, 2], sequence.Draft.Proposers.ToArray().Select(p => (int)p));
        Assert.Equal(["a", "b"], sequence.Draft.Speculators.ToArray().Select(s => s.Name));
    }

    [Fact]
    public void Shares_say_whom_to_invoke_and_how_far()
    {
        var (a, b, c) = (Chain("a", 10, 11, 12), Chain("b", 20, 21, 22), Chain("c", 30, 31));
        var one = Sequence(16);
        one.Shares = new DraftShares { [0] = DraftBudget.Chain(2), [2] = DraftBudget.Chain(5) };
        var other = Sequence(16);
        other.Shares = new DraftShares { [2] = DraftBudget.Chain(1) };
        new MergedSpeculator([a, b, c]).Propose([one, other]);
        Assert.Equal([10, 11, 30, 31], one.Draft.Tokens.ToArray());
        Assert.Equal([30], other.Draft.Tokens.ToArray());
        Assert.Equal((1, 0, 1), (a.Calls, b.Calls, c.Calls));
        // The sequence's own budget is as it was.
        Assert.Equal(DraftBudget.Chain(8), one.Budget);
    }

    [Fact]
    public void Without_shares_the_tree_is_cut_to_the_budget_by_confidence()
    {
        var sequence = Sequence(16);
        sequence.Budget = new DraftBudget(3, 4, 1);
        Propose(sequence, Chain("a", 10, 11, 12), Chain("b", 20, 21, 22), confidence: [0.9f, 0.5f]);
        // Paths: 0.9, 0.81, 0.73 and 0.5, 0.25, 0.125.
        Assert.Equal([10, 11, 12, 20], sequence.Draft.Tokens.ToArray());
    }

    [Fact]
    public void Confidences_that_are_none_lose()
    {
        var sequence = Sequence(16);
        sequence.Budget = new DraftBudget(3, 3, 1);
        Propose(sequence, Chain("a", 10, 11, 12), Chain("b", 20, 21, 22), confidence: [float.NaN, 0.5f]);
        Assert.Equal([20, 21, 22], sequence.Draft.Tokens.ToArray());
    }

    [Fact]
    public void Rejection_sampling_is_not_for_merged_drafts()
    {
        var sequence = Sequence(4);
        sequence.KeepDistributions(8);
        new MergedSpeculator([Chain("a", 1)]).Propose([sequence]);
        Assert.Throws<InvalidOperationException>(() => new MergedSpeculator([Chain("a", 1), Chain("b", 2)]).Propose([sequence]));
    }

    [Fact]
    public void Release_reaches_all_and_names_must_differ()
    {
        var (a, b) = (Chain("a"), Chain("b"));
        new MergedSpeculator([a, b]).Release(Sequence(4));
        Assert.Equal((1, 1), (a.Released, b.Released));
        Assert.Throws<ArgumentException>(() => new MergedSpeculator([]));
        Assert.Throws<ArgumentException>(() => new MergedSpeculator([a, Chain("a")]));
    }

    private static DecodeSequence Propose(DecodeSequence sequence, NamedChain a, NamedChain b, float[]? confidence = null)
    {
        if (confidence is not null) (a.Confidence, b.Confidence) = (confidence[0], confidence[1]);
        new MergedSpeculator([a, b]).Propose([sequence]);
        return sequence;
    }

    private static NamedChain Chain(string name, params int[] tokens) => new(name, tokens);

    private static DecodeSequence Sequence(int capacity) =>
        new(1, [1, 2], SamplingOptions.Greedy, new StopRules(50, []), capacity) { Budget = DraftBudget.Chain(8) };
}
