using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Host.Service;

namespace Atlas.Host.Tests.Serve;

public sealed class ShieldedSpeculatorTests
{
    [Fact]
    public void A_failure_costs_its_draft_and_pauses_that_double()
    {
        var inner = new Failing { Fails = true };
        int faults = 0;
        var shielded = new ShieldedSpeculator(inner, _ => faults++);
        var sequence = new DecodeSequence(1, [1], SamplingOptions.Greedy, new StopRules(10, []), 4);
        List<int> asked = [];
        for (int step = 0; step < 40; step++)
        {
            sequence.Draft.Clear();
            int before = inner.Calls;
            shielded.Propose([sequence]);
            Assert.Equal(0, sequence.Draft.Count);
            if (inner.Calls > before) asked.Add(step);
        }
        Assert.Equal([0, 2, 5, 10, 19, 36], asked);
        Assert.Equal(asked.Count, faults);
        inner.Fails = false;
        int drafted = 0;
        for (int step = 0; step < 100; step++)
        {
            sequence.Draft.Clear();
            shielded.Propose([sequence]);
            drafted += sequence.Draft.Count;
        }
        // It rests to the end of its pause, 29 more steps, and is asked in every step from then on.
        Assert.Equal(71, drafted);
        Assert.Equal("failing", shielded.Name);
    }

    private sealed class Failing : ISpeculator
    {
        public bool Fails { get; set; }

        public int Calls { get; private set; }

        public string Name => "failing";

        public void Propose(ReadOnlySpan<DecodeSequence> batch)
        {
            Calls++;
            batch[0].Draft.Add(7, DraftTree.Root, 1f);
            if (Fails) throw new InvalidOperationException("it fails in the middle of a draft");
        }

        public void Release(DecodeSequence sequence) { }
    }
}
