using Atlas.Modeling;
using Atlas.Trainer.Pretraining;

namespace Atlas.Trainer.Tests.Pretraining;

public sealed class WidthGrowthTests : IDisposable
{
    private static readonly ModelConfig Narrow = new()
    {
        ModelType = "qwen3",
        VocabularySize = DrawnModels.Vocabulary,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 2,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 8,
        ContextLength = 64,
        QkNorm = true,
    };

    private readonly DrawnModels _models = new();

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_grown_model_computes_the_same(int factor)
    {
        var weights = _models.Drawn(Narrow);
        float[] expected = _models.LogProbs(Narrow, weights);
        float[] actual = _models.LogProbs(WidthGrowth.Widen(Narrow, factor), WidthGrowth.Grow(weights, Narrow, factor, 3));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4f);
    }

    [Fact]
    public void Biases_are_repeated_too()
    {
        var config = Narrow with { ModelType = "qwen2", QkNorm = false, QkvBias = true };
        var weights = _models.Drawn(config);
        string bias = DecoderTensors.Layer(1, "self_attn.q_proj.bias");
        weights.Write(bias, [32], [.. Enumerable.Range(0, 32).Select(i => i * 0.1f)]);
        float[] expected = _models.LogProbs(config, weights);
        float[] actual = _models.LogProbs(WidthGrowth.Widen(config, 2), WidthGrowth.Grow(weights, config, 2, 3));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4f);
    }

    [Fact]
    public void Copies_begin_alike_and_learn_to_differ()
    {
        var config = WidthGrowth.Widen(Narrow, 2);
        var grown = WidthGrowth.Grow(_models.Drawn(Narrow), Narrow, 2, 3);
        var updated = _models.Trained(config, grown, 3);
        foreach (string part in (string[])["self_attn.k_proj.weight", "mlp.up_proj.weight"])
        {
            string name = DecoderTensors.Layer(0, part);
            Assert.InRange(Difference(grown, name), 0, 1e-6f);
            Assert.InRange(Difference(updated, name), 1e-5f, float.MaxValue);
        }
    }

    [Fact]
    public void Tied_embeddings_are_refused() => Assert.Contains(
        "tied", Assert.Throws<ArgumentException>(() => WidthGrowth.Grow(_models.Drawn(Narrow), Narrow with { TiedEmbeddings = true }, 2, 3)).Message,
        StringComparison.Ordinal);

    // How far the copies of a row are apart in what they compute from repeated input: the sum over the copies of each column.
    private static float Difference(WeightsInMemory weights, string name)
    {
        var shape = weights.Describe(name).Shape;
        var values = weights.Values(name);
        int half = shape[1] / 2, rows = shape[0] / 2;
        float most = 0;
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < half; column++)
            {
                int first = row * shape[1] + column, second = first + rows * shape[1];
                most = Math.Max(most, Math.Abs(values[first] + values[first + half] - values[second] - values[second + half]));
            }
        return most;
    }
}
