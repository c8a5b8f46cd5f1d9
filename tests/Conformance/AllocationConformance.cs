using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Conformance;

/// <summary>For engines whose steps allocate no managed memory once warm.</summary>
public abstract class AllocationConformance : EngineConformance
{
    private const int Steps = 1000;

    [Theory]
    [InlineData(WeightFormat.F32)]
    [InlineData(WeightFormat.BF16)]
    [InlineData(WeightFormat.Int8)]
    public void Steps_allocate_nothing_on_any_thread(WeightFormat format)
    {
        using var decoder = Load("qwen3", format: format);
        using var first = decoder.OpenSequence();
        using var second = decoder.OpenSequence();
        var options = new SamplingOptions { Temperature = 0.9f, TopP = 0.95f, Seed = 3, FrequencyPenalty = 0.1f };
        var specs = new SampleSpec[12];
        var state = new SamplingState(options, [1, 2, 3], 8);
        for (int i = 0; i < specs.Length; i++) specs[i] = new SampleSpec(i, state, i);
        var drawn = new SampledToken[specs.Length * 2];
        var plan = new BatchPlan();
        int[] path = [0, 2, 4];
        int[] rows = [0, 11];
        for (int i = 0; i < 50; i++) Step(decoder, first, second, plan, specs, drawn, path, rows);
        // The test host's own threads allocate too, the more the longer a window takes: the quietest one counts, and less than one object
        // (24 bytes) per step is theirs.
        long least = long.MaxValue;
        for (int window = 0; window < 5; window++)
        {
            long mine = GC.GetAllocatedBytesForCurrentThread();
            long all = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Steps; i++) Step(decoder, first, second, plan, specs, drawn, path, rows);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - all);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - mine);
        }
        Assert.InRange(least, 0, Steps * 20);
    }

    private static void Step(
        IDecoder decoder, IDecoderSequence first, IDecoderSequence second, BatchPlan plan, SampleSpec[] specs, SampledToken[] drawn,
        int[] path, int[] rows)
    {
        if (first.Length > 100)
        {
            first.Truncate(3);
            second.CopyPrefix(first, 2);
        }
        plan.Clear();
        plan.Begin(first);
        for (int i = 0; i < 6; i++) plan.Add(i + 5, i < 2 ? BatchPlan.NoParent : i / 2 * 2 - 2, output: true);
        plan.Begin(second);
        for (int i = 0; i < 6; i++) plan.Add(i + 20, i - 1, output: true);
        var result = decoder.Forward(plan);
        result.Sample(new SampleBatch(specs, path), drawn.AsSpan(0, specs.Length));
        result.TopPerturbed(new SampleBatch(specs, path), 2, drawn);
        result.TopK(rows, 3, drawn.AsSpan(0, 6));
        first.CommitPath(path);
        second.CommitChain(2);
        if (second.Length > 100) second.Truncate(0);
    }
}
