using Atlas.Conformance.Models;
using Atlas.Controller;
using Atlas.Controller.Latency;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Fakes;
using Atlas.Engine.Tests.Models;
using Atlas.Speculator.Static;
using Atlas.Target;

namespace Atlas.Engine.Tests.Identity;

/// <summary>
/// Whatever the controller decides over the draft model and a speculator that drafts truth and garbage with any confidence, the tokens are
/// plain decoding's.
/// </summary>
public sealed class ControllerChangesNoTokenTests
{
    [Theory]
    [InlineData(1, "greedy")]
    [InlineData(1, "all")]
    [InlineData(2, "temperature")]
    [InlineData(4, "all")]
    [InlineData(8, "greedy")]
    [InlineData(8, "temperature")]
    public void In_batches_of_every_size(int batch, string sampling)
    {
        using var pair = new TinyPair(0.3, SpeculationChangesNoTokenTests.Sizes(8));
        var generation = new Generation(pair)
        {
            Batch = batch,
            Requests = 16,
            MaxTokens = 40,
            Options = i => OptionSets.Get(sampling, pair.Vocabulary, i),
        };
        var (_, accepted) = AssertSame(pair, generation);
        Assert.True(accepted > 0, "no draft token was accepted: the test shows nothing");
    }

    [Fact]
    public void When_rows_run_out()
    {
        using var pair = new TinyPair(0.3, SpeculationChangesNoTokenTests.Sizes(8) with { MaxRows = 20, MaxPending = 18 });
        AssertSame(pair, new Generation(pair) { Batch = 8, Requests = 16, Prompt = (1, 60) });
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.8f)]
    public void When_a_constraint_leaves_nothing_behind_a_draft_that_it_forbids(float temperature)
    {
        using var pair = new TinyPair(0.3, SpeculationChangesNoTokenTests.Sizes(4));
        var constraint = new DeadEndConstraint(pair.Vocabulary);
        var generation = new Generation(pair)
        {
            Requests = 12,
            Options = i => new SamplingOptions { Temperature = temperature, Seed = (ulong)i, Constraint = constraint },
        };
        var (sequences, _) = AssertSame(pair, generation);
        Assert.All(sequences, s => Assert.All(s.Output.ToArray(), token => Assert.Equal(0, token % 2)));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var pair = new TinyPair(0.5, SpeculationChangesNoTokenTests.Sizes(4) with { ContextLength = 0 }, context: 4096);
        var decoder = Decoder(pair, new Dictionary<long, int[]> { [0] = [], [1] = [], [2] = [], [3] = [] }, out _);
        var sequences = Enumerable.Range(0, 4).Select(i => new DecodeSequence(
            i, [1, 2, 3 + i], OptionSets.Get("all", pair.Vocabulary, i), new StopRules(4000, []), 30)).ToArray();
        for (int i = 0; i < 300; i++) decoder.Step(sequences);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++) decoder.Step(sequences);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (DecodeSequence[] Sequences, long Accepted) AssertSame(TinyPair pair, Generation generation)
    {
        var plain = generation.Run(DraftBudget.None);
        var truth = plain.ToDictionary(s => s.Id, s => s.Output.ToArray());
        var decoder = Decoder(pair, truth, out var planner);
        var sequences = generation.Run(decoder, capacity: 30);
        for (int i = 0; i < plain.Length; i++)
        {
            Assert.Equal(plain[i].Output.ToArray(), sequences[i].Output.ToArray());
            Assert.Equal(
                plain[i].OutputLogProbs.ToArray().Select(BitConverter.SingleToInt32Bits),
                sequences[i].OutputLogProbs.ToArray().Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(plain[i].Finish, sequences[i].Finish);
        }
        long accepted = sequences.Sum(s => s.Statistics.Accepted);
        var credit = planner.Metrics.Speculators;
        Assert.InRange(accepted, credit.Max(s => s.Accepted), credit.Sum(s => s.Accepted));
        return (sequences, accepted);
    }

    // In simulated time drafts cost little and rows nearly nothing, so that much is drafted.
    private static SpeculativeDecoder Decoder(TinyPair pair, Dictionary<long, int[]> truth, out AdaptivePlanner planner)
    {
        var clock = new StepClock(1000);
        var target = new TargetModel(pair.Target, Generation.MaxNodes);
        planner = new AdaptivePlanner(target, new ControllerOptions
        {
            Speculators = [new("static") { MaxDepth = 5, MaxNodes = 8, Branches = 2 }, new("oracle")],
            Latency = LatencyProfile.Of((1, 1e-3), (64, 1.2e-3)),
            Clock = clock,
        });
        ISpeculator[] speculators = [new StaticSpeculator(pair.Draft, new StaticSpeculatorOptions { Candidates = 4 }), new OracleSpeculator(truth, pair.Vocabulary)];
        var merged = new MergedSpeculator([new TimedSpeculator(speculators[0], 0, planner, clock), new TimedSpeculator(speculators[1], 1, planner, clock)]);
        return new SpeculativeDecoder(new TimedTarget(target, planner, clock), merged, planner, new CoupledVerifier(), planner);
    }
}
