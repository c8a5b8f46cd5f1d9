using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Tests.Threading;
using Atlas.Conformance.Models;
using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tests;

public class CpuEngineTests
{
    [Fact]
    public void Formats_without_kernels_are_refused_by_name()
    {
        using var engine = new CpuEngine();
        var config = TinyModels.All["llama"];
        var options = new DecoderOptions { Format = WeightFormat.F16 };
        var e = Assert.Throws<NotSupportedException>(() => { engine.LoadDecoder(config, new TestWeights(config, 1), options); });
        Assert.Contains("f16", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_without_kernels_are_refused_by_name()
    {
        using var engine = new CpuEngine();
        var config = TinyModels.All["llama"];
        var odd = config with { HeadDim = 15 };
        var e = Assert.Throws<NotSupportedException>(() => { engine.LoadDecoder(odd, new TestWeights(odd, 1), new DecoderOptions()); });
        Assert.Contains("15", e.Message, StringComparison.Ordinal);
        var uneven = config with { KvHeads = 3 };
        Assert.Throws<NotSupportedException>(() => { engine.LoadDecoder(uneven, new TestWeights(uneven, 1), new DecoderOptions()); });
        var windows = config with { LayerWindows = [4] };
        Assert.Throws<NotSupportedException>(() => { engine.LoadDecoder(windows, new TestWeights(windows, 1), new DecoderOptions()); });
    }

    [Fact]
    public void The_engine_says_what_it_runs_on()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 3 });
        Assert.Equal(("cpu", 3, true), (engine.Info.Name, engine.Info.Threads, engine.Info.BatchInvariant));
        Assert.Contains(Cpu.Kernels.CpuKernels.Best.Name, engine.Info.Device, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    public void Rows_of_embedding_and_head_are_read_back(string model)
    {
        using var engine = new CpuEngine();
        var config = TinyModels.All[model];
        var weights = new TestWeights(config, 1);
        using var decoder = (CpuDecoder)engine.LoadDecoder(config, weights, new DecoderOptions { Format = WeightFormat.BF16 });
        int[] tokens = [100, 0, 17];
        float[] embeddings = new float[3 * 64], head = new float[3 * 64];
        decoder.ReadEmbeddings(tokens, embeddings);
        decoder.ReadHeadRows(tokens, head);
        for (int i = 0; i < tokens.Length; i++)
            for (int k = 0; k < 64; k++)
            {
                Assert.Equal(weights.Values(DecoderTensors.Embedding)[tokens[i] * 64 + k], embeddings[i * 64 + k]);
                string name = config.TiedEmbeddings ? DecoderTensors.Embedding : DecoderTensors.Head;
                Assert.Equal(weights.Values(name)[tokens[i] * 64 + k], head[i * 64 + k]);
            }
        Assert.Throws<ArgumentException>(() => decoder.ReadHeadRows([101], new float[64]));
        Assert.Throws<ArgumentException>(() => decoder.ReadHeadRows([1], new float[63]));
        Assert.Equal(0, decoder.WeightsVersion);
        decoder.ReplaceWeights(weights);
        Assert.Equal(1, decoder.WeightsVersion);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Steps_allocate_nothing_on_any_thread_of_the_pool(int threads)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = threads });
        // Large enough that layers are split over threads.
        var config = TinyModels.All["qwen3"] with { VocabularySize = 4000, HiddenSize = 192, IntermediateSize = 512 };
        using var decoder = (CpuDecoder)engine.LoadDecoder(config, new TestWeights(config, 1), new DecoderOptions());
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        var state = new SamplingState(new SamplingOptions { Temperature = 1f, TopK = 40, Seed = 1 }, [], 8);
        SampleSpec[] specs = [.. Enumerable.Range(0, 8).Select(row => new SampleSpec(row, state, row))];
        var drawn = new SampledToken[8];
        void Step()
        {
            if (sequence.Length > 100) sequence.Truncate(0);
            plan.Clear();
            plan.Begin(sequence);
            for (int i = 0; i < 8; i++) plan.Add(i, i - 1, output: true);
            decoder.Forward(plan).Sample(new SampleBatch(specs, []), drawn);
            sequence.CommitChain(3);
        }
        for (int i = 0; i < 50; i++) Step();
        AllocationProbe.AssertNothing(decoder.Pool, () =>
        {
            for (int i = 0; i < 200; i++) Step();
        });
    }

    [Fact]
    public void Decoders_of_one_engine_may_run_on_different_threads()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 2 });
        var config = TinyModels.All["llama"];
        var weights = new TestWeights(config, 1);
        float[] expected = Run(engine, config, weights);
        var failures = 0;
        var threads = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 5; i++)
                if (!Run(engine, config, weights).AsSpan().SequenceEqual(expected))
                    Interlocked.Increment(ref failures);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(0, failures);
    }

    private static float[] Run(CpuEngine engine, ModelConfig config, TestWeights weights)
    {
        using var decoder = engine.LoadDecoder(config, weights, new DecoderOptions());
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.AddChain([1, 2, 3, 4, 5, 6, 7, 8, 9], BatchPlan.NoParent, lastOutput: true);
        var logits = new float[config.VocabularySize];
        decoder.Forward(plan).ReadLogits(8, logits);
        return logits;
    }
}
