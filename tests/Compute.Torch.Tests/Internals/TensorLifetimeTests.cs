using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using TorchSharp;

namespace Atlas.Compute.Torch.Tests.Internals;

/// <summary>Steps leave no tensor behind: native memory is freed where it was made, not when the collector comes by.</summary>
[Collection(nameof(AloneCollection))]
public sealed class TensorLifetimeTests
{
    // What allocators may keep for themselves. A step makes some hundred tensors of a few hundred native bytes each: to lose them for a
    // thousand steps would take several times this.
    private const long Slack = 24 << 20;

    [Fact]
    public void Thousand_steps_leave_no_tensors_behind_and_memory_flat() => Run(1_000);

    [Fact]
    [Trait("Speed", "slow")]
    public void Ten_thousand_steps_leave_no_tensors_behind_and_memory_flat() => Run(10_000);

    [Fact]
    public void Drafting_and_learning_leave_no_tensors_behind()
    {
        using var pair = new HeadPair();
        using var head = pair.TorchHead();
        Learn(pair, head);
        long before = Alive();
        for (int i = 0; i < 50; i++) Learn(pair, head);
        Assert.Equal(before, Alive());
    }

    private static void Run(int steps)
    {
        using var test = new TestDecoder("qwen3-window");
        using var first = test.Open(test.Tokens[..3]);
        using var second = test.Open(test.Tokens[..5]);
        for (int i = 0; i < 100; i++) Step(test, first, second);
        long before = Alive(), memory = Resident();
        for (int i = 0; i < steps; i++) Step(test, first, second);
        Assert.Equal(before, Alive());
        Assert.InRange(Resident() - memory, long.MinValue, Slack);
    }

    private static void Learn(HeadPair pair, ITrainableHead head)
    {
        head.BeginDraft();
        var states = head.Forward([new HeadRow(pair.TorchStates, 0, 1)]).Hidden;
        head.Forward([new HeadRow(states, 0, 2), new HeadRow(pair.CpuStates, 1, 2)]).TopK([1], 2, new SampledToken[2]);
        head.Accumulate(HeadPair.Examples(pair.TorchStates));
        head.Update(new AdamWStep(1e-3f));
        head.ImportWeights(HeadPair.Export(head));
        head.SetHotVocabulary(HeadPair.Hot);
    }

    private static void Step(TestDecoder test, IDecoderSequence first, IDecoderSequence second)
    {
        var plan = new BatchPlan();
        plan.Begin(first);
        for (int i = 0; i < 3; i++) plan.Add(10 + i, i == 2 ? 0 : i - 1, output: true);
        plan.Begin(second);
        plan.Add(20, -1, output: true);
        var result = test.Decoder.Forward(plan);
        var bias = new Dictionary<int, float> { [1] = 1f };
        var options = new SamplingOptions { Temperature = 1f, TopP = 0.9f, RepetitionPenalty = 1.1f, LogitBias = bias };
        var state = new SamplingState(options, test.Tokens, 4);
        var mask = new TokenMask(test.Vocabulary);
        for (int t = 0; t < 40; t++) mask.Allow(t);
        var spec = new SampleSpec(0, state, 5, Mask: mask);
        var drawn = new SampledToken[6];
        result.Sample(new SampleBatch([spec, spec with { Row = 3 }], []), drawn);
        result.TopPerturbed(new SampleBatch([spec], []), 4, drawn);
        result.TopK([1, 2], 3, drawn);
        result.ReadLogits(1, new float[test.Vocabulary]);
        result.Hidden.Read(1, new float[result.Hidden.Width]);
        result.Hidden.Retain([0, 1]).Dispose();
        first.CommitPath([0, 2]);
        second.CommitPath([]);
        first.Truncate(3);
        second.CopyPrefix(first, 2);
        second.CopyPrefix(first, 3);
    }

    // What the process holds of the machine's memory, the collector's garbage given back.
    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    // Tensors made on this thread and not disposed of, in scopes or out of them.
    private static long Alive() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
}
