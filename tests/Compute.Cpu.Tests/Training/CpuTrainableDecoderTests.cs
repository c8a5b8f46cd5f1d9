using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Training;
using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

public sealed class CpuTrainableDecoderTests : IDisposable
{
    private static readonly ModelConfig Small = TinyModels.Llama with { HiddenSize = 48, IntermediateSize = 72, VocabularySize = 101, HeadDim = 16 };

    private readonly WorkerPool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Learns_one_batch_by_heart()
    {
        using var decoder = new CpuTrainableDecoder(Small, null, 1, _pool);
        var batch = TinyModels.Batch(Small, 1, 30, 20, 14);
        double first = decoder.Accumulate(batch, new CrossEntropy());
        Assert.InRange(first, Math.Log(101) - 0.3, Math.Log(101) + 0.3);
        decoder.Update(new AdamWStep(5e-3f, WeightDecay: 0));
        double last = first;
        for (int step = 0; step < 80; step++)
        {
            last = decoder.Accumulate(batch, new CrossEntropy());
            Assert.True(decoder.Update(new AdamWStep(5e-3f, WeightDecay: 0)).Applied);
        }
        Assert.True(last < 0.05, $"loss {last} after 80 steps");
    }

    [Fact]
    public void Bits_depend_on_the_seed_and_not_on_the_number_of_threads()
    {
        using var one = new WorkerPool(1);
        using var five = new WorkerPool(5);
        var expected = Train(one, seed: 3);
        AssertSame(expected, Train(five, seed: 3));
        Assert.NotEqual(expected[DecoderTensors.Embedding], Train(one, seed: 4)[DecoderTensors.Embedding]);
    }

    [Fact]
    public void Resuming_from_exported_weights_and_moments_gives_the_same_bits()
    {
        using var whole = new CpuTrainableDecoder(Small, null, 5, _pool);
        Steps(whole, 0, 3);
        var weights = new MemoryWeights();
        var optimizer = new MemoryWeights();
        whole.ExportWeights(weights);
        whole.ExportOptimizer(optimizer);
        Steps(whole, 3, 6);

        using var resumed = new CpuTrainableDecoder(Small, weights, 99, _pool);
        resumed.ImportOptimizer(optimizer, 3);
        Steps(resumed, 3, 6);
        Assert.Equal(6, resumed.UpdateCount);
        AssertSame(Exported(whole), Exported(resumed));
    }

    [Fact]
    public void Gradients_of_two_batches_add_up_to_that_of_both()
    {
        var first = TinyModels.Batch(Small, 1, 10);
        var second = TinyModels.Batch(Small, 2, 7);
        int targets = first.Targets.Concat(second.Targets).Count(t => t >= 0);
        using var split = new CpuTrainableDecoder(Small, null, 1, _pool);
        double sum = split.Accumulate(first, new CrossEntropy(targets)) + split.Accumulate(second, new CrossEntropy(targets));
        using var joined = new CpuTrainableDecoder(Small, null, 1, _pool);
        var both = new TokenBatch([10, 7], [.. first.Tokens, .. second.Tokens], [.. first.Targets, .. second.Targets]);
        Assert.Equal(joined.Accumulate(both, new CrossEntropy()), sum, 1e-5);
        foreach (var tensor in DecoderTensors.Expected(Small))
        {
            var expected = joined.GradientOf(tensor.Name).ToArray();
            var actual = split.GradientOf(tensor.Name).ToArray();
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6);
        }
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_reported_and_changes_nothing()
    {
        using var decoder = new CpuTrainableDecoder(Small, null, 1, _pool);
        Steps(decoder, 0, 1);
        var before = Exported(decoder);
        decoder.Accumulate(TinyModels.Batch(Small, 1, 8), new BrokenLoss());
        var report = decoder.Update(new AdamWStep(1e-3f));
        Assert.False(report.Applied);
        Assert.False(double.IsFinite(report.GradientNorm));
        Assert.Equal(1, decoder.UpdateCount);
        AssertSame(before, Exported(decoder));
        Steps(decoder, 1, 2);
        Assert.Equal(2, decoder.UpdateCount);
    }

    [Fact]
    public void Update_is_AdamW_with_decay_on_matrices_only_and_a_clipped_gradient()
    {
        using var decoder = new CpuTrainableDecoder(Small, null, 1, _pool);
        var step = new AdamWStep(1e-2f, WeightDecay: 0.3f, ClipNorm: 0.05f);
        decoder.Accumulate(TinyModels.Batch(Small, 1, 8), new CrossEntropy());
        double norm = 0;
        foreach (var tensor in DecoderTensors.Expected(Small))
            foreach (float g in decoder.GradientOf(tensor.Name))
                norm += (double)g * g;
        norm = Math.Sqrt(norm);
        Assert.True(norm > step.ClipNorm);
        foreach (string name in new[] { DecoderTensors.FinalNorm, DecoderTensors.Layer(1, "mlp.up_proj.weight") })
            Assert.NotEmpty(decoder.WeightsOf(name).ToArray());
        var expected = new Dictionary<string, double[]>();
        foreach (var tensor in DecoderTensors.Expected(Small))
        {
            var weights = decoder.WeightsOf(tensor.Name);
            var gradient = decoder.GradientOf(tensor.Name);
            var after = new double[weights.Length];
            for (int i = 0; i < after.Length; i++)
            {
                double g = gradient[i] * step.ClipNorm / norm;
                double decay = tensor.Shape.Count > 1 ? 1 - step.LearningRate * step.WeightDecay : 1;
                after[i] = weights[i] * decay - step.LearningRate * g / (Math.Abs(g) + step.Epsilon);
            }
            expected[tensor.Name] = after;
        }
        var report = decoder.Update(step);
        Assert.Equal(norm, report.GradientNorm, 1e-6 * norm);
        foreach (var (name, values) in expected)
        {
            var weights = decoder.WeightsOf(name).ToArray();
            for (int i = 0; i < values.Length; i++) Assert.Equal(values[i], weights[i], 2e-5);
        }
    }

    [Fact]
    public void Sequences_of_a_batch_do_not_see_each_other()
    {
        using var decoder = new CpuTrainableDecoder(Small, null, 1, _pool);
        var batch = TinyModels.Batch(Small, 4, 9, 6);
        var together = new float[15];
        decoder.LogProbs(batch, together);
        var alone = new float[6];
        decoder.LogProbs(new TokenBatch([6], batch.Tokens[9..], batch.Targets[9..]), alone);
        Assert.Equal(alone, together[9..]);
    }

    [Fact]
    public void A_batch_without_targets_costs_nothing_and_teaches_nothing()
    {
        using var decoder = new CpuTrainableDecoder(Small, null, 1, _pool);
        Assert.Equal(0, decoder.Accumulate(new TokenBatch([2], [1, 2], [-1, -1]), new CrossEntropy()));
        Assert.Equal(0, decoder.Update(new AdamWStep(0.1f)).GradientNorm);
    }

    [Theory]
    [InlineData(new[] { 3 }, new[] { 1, 2 }, new[] { 1, 2 }, "lengths add up to 3")]
    [InlineData(new[] { 2 }, new[] { 1, 101 }, new[] { 1, 2 }, "token 101 at 1")]
    [InlineData(new[] { 2 }, new[] { 1, 2 }, new[] { 1, -2 }, "target -2 at 1")]
    [InlineData(new[] { 2, 0 }, new[] { 1, 2 }, new[] { 1, 2 }, "sequence 1 has 0 tokens")]
    [InlineData(new[] { 2 }, new[] { 1, 2 }, new[] { 1 }, "1 targets for 2 tokens")]
    [InlineData(new int[0], new int[0], new int[0], "the batch is empty")]
    public void A_batch_that_does_not_fit_is_refused(int[] lengths, int[] tokens, int[] targets, string message)
    {
        using var decoder = new CpuTrainableDecoder(Small, null, 1, _pool);
        var exception = Assert.Throws<ArgumentException>(() => decoder.Accumulate(new TokenBatch(lengths, tokens, targets), new CrossEntropy()));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { true, false }, "sequence 0 continues")]
    [InlineData(new[] { false }, "1 of 2 sequences")]
    [InlineData(new[] { false, true }, "sequence 1 has 60 tokens, expected 1 to 56")]
    public void Sequences_that_cannot_continue_another_are_refused(bool[] continues, string message)
    {
        using var decoder = new CpuTrainableDecoder(Small, null, 1, _pool);
        var batch = TinyModels.Batch(Small, 1, 200, 60) with { Continues = continues };
        var exception = Assert.Throws<ArgumentException>(() => decoder.LogProbs(batch, new float[260]));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_shape_are_refused_by_name()
    {
        using var decoder = new CpuTrainableDecoder(Small, null, 1, _pool);
        var weights = Exported(decoder);
        var exception = Assert.Throws<CheckpointException>(
            () => new CpuTrainableDecoder(Small with { IntermediateSize = 80 }, weights, 1, _pool));
        Assert.Contains("model.layers.0.mlp.gate_proj.weight has shape [72, 48], expected [80, 48]", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initial_weights_have_the_stated_deviations()
    {
        using var decoder = new CpuTrainableDecoder(Small with { MlpBias = true }, null, 1, _pool);
        Assert.Equal(0.02, Deviation(decoder.WeightsOf(DecoderTensors.Embedding)), 1e-3);
        Assert.Equal(0.01, Deviation(decoder.WeightsOf(DecoderTensors.Layer(1, "mlp.down_proj.weight"))), 1e-3);
        Assert.Equal(0.01, Deviation(decoder.WeightsOf(DecoderTensors.Layer(0, "self_attn.o_proj.weight"))), 1e-3);
        Assert.All(decoder.WeightsOf(DecoderTensors.FinalNorm).ToArray(), w => Assert.Equal(1f, w));
        Assert.All(decoder.WeightsOf(DecoderTensors.Layer(0, "mlp.up_proj.bias")).ToArray(), w => Assert.Equal(0f, w));
    }

    private static double Deviation(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += (double)value * value;
        return Math.Sqrt(sum / values.Length);
    }

    private static MemoryWeights Train(WorkerPool pool, ulong seed)
    {
        using var decoder = new CpuTrainableDecoder(Small with { QkNorm = true, QkvBias = true, OutputBias = true }, null, seed, pool);
        Steps(decoder, 0, 4);
        return Exported(decoder);
    }

    private static void Steps(CpuTrainableDecoder decoder, int first, int end)
    {
        for (int step = first; step < end; step++)
        {
            decoder.Accumulate(TinyModels.Batch(decoder.Config, step, 40, 3, 17 + step), new CrossEntropy());
            decoder.Update(new AdamWStep(3e-3f));
        }
    }

    private static MemoryWeights Exported(CpuTrainableDecoder decoder)
    {
        var weights = new MemoryWeights();
        decoder.ExportWeights(weights);
        return weights;
    }

    private static void AssertSame(MemoryWeights expected, MemoryWeights actual)
    {
        foreach (string name in expected.Names) Assert.Equal(expected[name], actual[name]);
    }

    private sealed class BrokenLoss : ITokenLoss
    {
        public double Evaluate(TokenBatch batch, ReadOnlySpan<float> logProbs, Span<float> derivative)
        {
            derivative.Fill(float.PositiveInfinity);
            return double.NaN;
        }
    }
}
