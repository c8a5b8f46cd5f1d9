using Atlas.Compute.Cpu;
using Atlas.Core.Drafting;
using Atlas.Host.CommandLine;
using Atlas.Host.Demo;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Host.Tests.Running;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Tests.Speculation;

/// <summary>How stacks are composed.</summary>
public sealed class StackFactoryTests(TinyPair tiny) : IClassFixture<TinyPair>
{
    [Fact]
    public void Sequences_have_room_for_all_trees_and_the_probe_leaves_no_sequence_open()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var pair = ModelPair.Open(new ModelChoice(tiny.Target, tiny.Draft, WeightFormat.BF16));
        pair.Load(engine, new DecoderOptions { MaxSequences = 2 }, withDraft: true);
        using var stack = new StackFactory(engine, pair).Create(new(StrategyNames.Auto, DraftBudget.None));
        int expected = SpeculatorProfiles.Static(default).MaxNodes + SpeculatorProfiles.Suffix.MaxNodes + SpeculatorProfiles.Recall.MaxNodes
            + SpeculatorProfiles.Learned.MaxNodes;
        Assert.Equal(expected, stack.DraftCapacity);
        Assert.True(stack.Planner!.ForwardSeconds(1, 64) > 0);
        Assert.True(stack.Planner.CostOf(0).PerLevel >= 0);
        // Both are free again.
        using var one = pair.Target.OpenSequence();
        using var other = pair.Target.OpenSequence();
        Assert.Throws<InvalidOperationException>(pair.Target.OpenSequence);
    }

    [Fact]
    public void Every_part_of_atlas_can_be_switched_off_by_itself()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var pair = ModelPair.Open(new ModelChoice(tiny.Target, tiny.Draft, WeightFormat.BF16));
        pair.Load(engine, new DecoderOptions { MaxSequences = 2 }, withDraft: true);
        var factory = new StackFactory(engine, pair);
        Assert.Equal(Ablation.All.Count, Ablation.All.Select(a => a.Name).Distinct().Count());
        foreach (var ablation in Ablation.All)
        {
            using var stack = factory.Create(new(StrategyNames.Auto, DraftBudget.None), ablation.Options);
            string[] names = [.. stack.Planner!.Metrics.Speculators.Select(s => s.Name)];
            Assert.Equal(((string[])["static", "suffix", "recall", "learned"]).Where(name => name != ablation.Name), names);
            Assert.Equal(names.Contains("learned"), stack.Trainers.States is not null);
            Assert.Null(stack.Trainers.Text);
        }
    }

    [Fact]
    public void A_stack_that_does_not_learn_has_no_work_beside_decoding()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var pair = ModelPair.Open(new ModelChoice(tiny.Target, tiny.Draft, WeightFormat.BF16));
        pair.Load(engine, new DecoderOptions { MaxSequences = 2 }, withDraft: true);
        var factory = new StackFactory(engine, pair);
        using var off = factory.Create(new(StrategyNames.Auto, DraftBudget.None), new StackOptions { Learns = false });
        using var on = factory.Create(new(StrategyNames.Auto, DraftBudget.None));
        Assert.Null(off.AsStrategy("off").Work);
        Assert.Same(on, on.AsStrategy("on").Work);
    }
}
