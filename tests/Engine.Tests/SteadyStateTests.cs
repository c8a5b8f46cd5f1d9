using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Identity;
using Atlas.Engine.Tests.Models;
using Atlas.Speculator.Static;
using Atlas.Target;

namespace Atlas.Engine.Tests;

/// <summary>The decode loop leaves nothing for the collector. Runs alone: the measure is that of the whole process.</summary>
[Collection(nameof(RunsAlone))]
public sealed class SteadyStateTests
{
    [Theory]
    [InlineData("greedy", 0, 0, 0)]
    [InlineData("greedy", 5, 5, 1)]
    [InlineData("greedy", 4, 12, 3)]
    [InlineData("temperature", 5, 5, 1)]
    [InlineData("all", 4, 12, 3)]
    public void A_step_allocates_nothing(string sampling, int depth, int nodes, int branches)
    {
        const int batch = 8, warm = 40, steps = 300;
        using var pair = new TinyPair(1.0, SpeculationChangesNoTokenTests.Sizes(batch) with { ContextLength = 0 }, context: 4096);
        var target = new TargetModel(pair.Target, Generation.MaxNodes);
        var speculator = new StaticSpeculator(pair.Draft, new StaticSpeculatorOptions { Candidates = 4 });
        var decoder = new SpeculativeDecoder(target, speculator, new FixedPlanner(new DraftBudget(depth, nodes, branches)), new CoupledVerifier());
        var sequences = Enumerable.Range(0, batch).Select(i => new DecodeSequence(
            i, [1, 2, 3 + i], OptionSets.Get(sampling, pair.Vocabulary, i), new StopRules(4000, []), Generation.MaxNodes)).ToArray();
        for (int i = 0; i < warm; i++) decoder.Step(sequences);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < steps; i++) decoder.Step(sequences);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        // What the runtime allocates for itself in that time (its tiered compiler, timers) is far below one object per step.
        Assert.True(allocated < steps * 8, $"{allocated} bytes in {steps} steps");
        Assert.All(sequences, s => Assert.True(s.Output.Length >= warm + steps));
    }
}
