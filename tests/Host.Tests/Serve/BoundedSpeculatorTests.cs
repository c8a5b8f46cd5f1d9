using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Host.Service.Sidecar;

namespace Atlas.Host.Tests.Serve;

public sealed class BoundedSpeculatorTests
{
    private static DecodeSequence Sequence(long id) =>
        new(id, [1], SamplingOptions.Greedy, new StopRules(10, []), 4) { Budget = DraftBudget.Chain(2) };

    [Fact]
    public void It_holds_no_more_than_it_may_and_gives_up_who_waited_longest()
    {
        var inner = new Holding();
        var bounded = new BoundedSpeculator(inner, 2);
        var sequences = Enumerable.Range(0, 4).Select(i => Sequence(i)).ToArray();
        bounded.Propose([sequences[0], sequences[1]]);
        bounded.Propose([sequences[0]]);
        bounded.Propose([sequences[2]]);
        Assert.Equal([0L, 2L], inner.Held.Order());
        bounded.Release(sequences[0]);
        bounded.Propose([sequences[3]]);
        Assert.Equal([2L, 3L], inner.Held.Order());
        bounded.Release(sequences[1]);
        Assert.Equal([2L, 3L], inner.Held.Order());
        Assert.Equal(2, inner.Most);
    }

    [Fact]
    public void Of_one_call_the_last_go_without()
    {
        var inner = new Holding();
        var bounded = new BoundedSpeculator(inner, 2);
        var sequences = Enumerable.Range(0, 3).Select(i => Sequence(i)).ToArray();
        sequences[1].Budget = DraftBudget.None;
        bounded.Propose(sequences);
        Assert.Equal([0L, 2L], inner.Held.Order());
        foreach (var sequence in sequences) sequence.Budget = DraftBudget.Chain(2);
        bounded.Propose([sequences[1], sequences[2], sequences[0]]);
        Assert.Equal([1L, 2L], inner.Held.Order());
        Assert.Equal(DraftBudget.None, sequences[0].Budget);
        Assert.Equal(2, inner.Most);
    }

    private sealed class Holding : ISpeculator
    {
        public HashSet<long> Held { get; } = [];

        public int Most { get; private set; }

        public string Name => "holding";

        public void Propose(ReadOnlySpan<DecodeSequence> batch)
        {
            foreach (var sequence in batch)
                if (sequence.Budget.Depth > 0)
                    Held.Add(sequence.Id);
            Most = Math.Max(Most, Held.Count);
        }

        public void Release(DecodeSequence sequence) => Held.Remove(sequence.Id);
    }
}
