using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Fakes;

namespace Atlas.Engine.Tests;

/// <summary>The decorators report what was done and how long it took, and change nothing.</summary>
public sealed class TimedTests
{
    private readonly RecordingTimings _timings = new();
    private readonly StepClock _clock = new(1000);

    [Fact]
    public void Rows_levels_tokens_and_seconds_are_reported()
    {
        var target = new TimedTarget(new ScriptedTarget(0, 0, 10, 11, 12, 13), _timings, _clock);
        var speculator = new TimedSpeculator(new NamedChain("a", [10, 11]), 2, _timings, _clock);
        var decoder = new SpeculativeDecoder(target, speculator, new FixedPlanner(DraftBudget.Chain(3)), new CoupledVerifier());
        DecodeSequence[] batch = [Sequence(1), Sequence(2)];
        decoder.Step(batch);
        Assert.Equal([10, 11, 12], batch[0].Output.ToArray());
        Assert.Equal([new DraftTiming(2, 2, 2, 4, 1e-6)], _timings.Drafted);
        var (rows, context, seconds) = Assert.Single(_timings.Forwards);
        Assert.Equal((6, 2.0, 1e-6), (rows, context, seconds));
        Assert.Equal((16, 1000, "a"), (target.MaxDraftNodes, target.ContextLength, speculator.Name));
    }

    [Fact]
    public void Where_nothing_is_drafted_nothing_is_reported()
    {
        new TimedSpeculator(new NamedChain("a", [10]), 0, _timings, _clock).Propose([Sequence(1)]);
        Assert.Empty(_timings.Drafted);
    }

    [Fact]
    public void What_an_observer_takes_is_reported_and_what_it_hears_is_the_same()
    {
        var heard = new RecordingObserver();
        var observer = new TimedObserver(heard, _timings, _clock);
        var sequence = Sequence(1);
        observer.OnVerified(sequence, [0, 1], 3);
        observer.OnVerified(sequence, [], 1);
        Assert.Equal([1e-6, 1e-6], _timings.Learned);
        Assert.Equal([(2, 3), (0, 1)], heard.Calls);
    }

    private sealed class RecordingObserver : IVerificationObserver
    {
        public List<(int Accepted, int Emitted)> Calls { get; } = [];

        public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted) => Calls.Add((accepted.Length, emitted));
    }

    private static DecodeSequence Sequence(long id) => new(id, [1, 2], SamplingOptions.Greedy, new StopRules(20, []), 8);
}
