using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Training;
using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>The hand-written backward against central differences of the same model in double.</summary>
public sealed class GradientTests : IDisposable
{
    private readonly WorkerPool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData("llama")]
    [InlineData("llama-untied-biased")]
    [InlineData("llama3-rope")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Gradient_of_every_element_of_every_tensor_is_the_difference_quotient(string model)
    {
        var config = TinyModels.Named(model);
        Check(config, TinyModels.Batch(config, 5, 4, 1, 6), GemmKernel.Best, OutputHead.KeptLogits, everyNth: 1, new ReferenceCrossEntropy());
    }

    [Theory]
    [InlineData("wide")]
    [InlineData("medium")]
    [InlineData("narrow")]
    public void Gradient_is_right_across_attention_blocks_and_with_every_kernel(string kernel)
    {
        var config = TinyModels.Named("qwen3") with { Layers = 1, LayerWindows = [50], KvHeads = 2 };
        Check(config, TinyModels.Batch(config, 6, 110), GemmTests.Kernel(kernel), OutputHead.KeptLogits, everyNth: 17, new ReferenceCrossEntropy());
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("mistral")]
    [InlineData("qwen3")]
    public void Gradient_is_right_where_sequences_continue_another(string model)
    {
        var config = TinyModels.Named(model);
        var batch = TinyModels.Batch(config, 10, 5, 4, 1, 3, 6, 2) with { Continues = [false, true, true, false, true, false] };
        Check(config, batch, GemmKernel.Best, OutputHead.KeptLogits, everyNth: 1, new ReferenceCrossEntropy());
    }

    [Fact]
    public void Gradient_is_right_where_what_is_continued_is_longer_than_a_block_and_partly_out_of_sight()
    {
        var config = TinyModels.Named("qwen3") with { Layers = 1, LayerWindows = [50], KvHeads = 2 };
        var batch = TinyModels.Batch(config, 11, 110, 30, 100) with { Continues = [false, true, true] };
        Check(config, batch, GemmKernel.Best, OutputHead.KeptLogits, everyNth: 17, new ReferenceCrossEntropy());
    }

    [Fact]
    public void Gradient_is_right_when_logits_are_computed_in_chunks()
    {
        var config = TinyModels.Llama;
        Check(config, TinyModels.Batch(config, 7, 9, 5), GemmKernel.Best, keptLogits: 4 * config.VocabularySize, everyNth: 3, new ReferenceCrossEntropy());
    }

    [Fact]
    public void Gradient_of_a_loss_with_clipped_ratios_is_right()
    {
        var config = TinyModels.Llama;
        var batch = TinyModels.Batch(config, 8, 7, 7);
        Check(config, batch, GemmKernel.Best, OutputHead.KeptLogits, everyNth: 3, new ClippedRatioLoss(batch.Positions));
    }

    [Fact]
    public void Log_probabilities_equal_the_naive_model()
    {
        foreach (string name in new[] { "llama", "llama-untied-biased", "llama3-rope", "mistral", "qwen2", "qwen3" })
        {
            var config = TinyModels.Named(name);
            using var decoder = new CpuTrainableDecoder(config, Weights(config), 0, _pool);
            var batch = TinyModels.Batch(config, 9, 20, 3, 120);
            var logProbs = new float[batch.Positions];
            decoder.LogProbs(batch, logProbs);
            var expected = new ReferenceDecoder(config, Weights(config)).LogProbs(batch);
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], logProbs[i], 2e-5);
        }
    }

    // Weights large enough for every part to matter: with initial ones attention is nearly uniform and the norms' gradients nearly 0.
    internal static MemoryWeights Weights(ModelConfig config)
    {
        var weights = new MemoryWeights();
        foreach (var tensor in DecoderTensors.Expected(config))
        {
            var values = new float[tensor.Elements];
            NormalGenerator.Fill(values, 42, tensor.Name, tensor.Shape.Count > 1 ? 0.5 : 0.2);
            if (tensor.Shape.Count == 1 && !tensor.Name.EndsWith("bias", StringComparison.Ordinal))
                for (int i = 0; i < values.Length; i++) values[i] += 1;
            weights.Write(tensor.Name, [.. tensor.Shape], values);
        }
        return weights;
    }

    private void Check(ModelConfig config, TokenBatch batch, GemmKernel kernel, int keptLogits, int everyNth, IReferenceLoss loss)
    {
        var weights = Weights(config);
        using var decoder = new CpuTrainableDecoder(config, weights, 0, _pool, kernel, keptLogits);
        double value = decoder.Accumulate(batch, loss);
        var reference = new ReferenceDecoder(config, weights);
        Assert.Equal(loss.Value(batch, reference.LogProbs(batch)), value, 1e-5);
        foreach (string name in weights.Names)
        {
            double[] tensor = reference.Tensors[name];
            float[] gradient = decoder.GradientOf(name).ToArray();
            double scale = gradient.Max(Math.Abs);
            Assert.True(scale > 1e-7, $"{name}: the whole gradient is zero");
            for (int i = 0; i < tensor.Length; i += everyNth)
            {
                const double Step = 1e-5;
                double kept = tensor[i];
                tensor[i] = kept + Step;
                double above = loss.Value(batch, reference.LogProbs(batch));
                tensor[i] = kept - Step;
                double below = loss.Value(batch, reference.LogProbs(batch));
                tensor[i] = kept;
                double expected = (above - below) / (2 * Step);
                Assert.True(
                    Math.Abs(expected - gradient[i]) <= 1e-4 * Math.Abs(expected) + 3e-5 * scale + 1e-7,
                    $"{name}[{i}]: gradient {gradient[i]}, difference quotient {expected}");
            }
        }
    }
}
