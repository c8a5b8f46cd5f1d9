using Atlas.Modeling;
using Atlas.Trainer.Pretraining;

namespace Atlas.Trainer.Tests.Pretraining;

public sealed class DepthGrowthTests : IDisposable
{
    private static readonly ModelConfig Shallow = new()
    {
        ModelType = "qwen2",
        VocabularySize = DrawnModels.Vocabulary,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 3,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 8,
        ContextLength = 64,
        QkvBias = true,
    };

    private readonly DrawnModels _models = new();

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_grown_model_computes_the_same_bits(int layers)
    {
        var weights = _models.Drawn(Shallow);
        var grown = DepthGrowth.Grow(weights, Shallow, layers);
        Assert.Equal(_models.LogProbs(Shallow, weights), _models.LogProbs(Shallow with { Layers = layers }, grown));
    }

    [Fact]
    public void Every_new_block_learns()
    {
        var config = Shallow with { Layers = 8 };
        var grown = DepthGrowth.Grow(_models.Drawn(Shallow), Shallow, config.Layers);
        var updated = _models.Trained(config, grown, 1);
        for (int i = 0; i < config.Layers; i++)
            foreach (string part in (string[])["self_attn.o_proj.weight", "mlp.down_proj.weight"])
            {
                string name = DecoderTensors.Layer(i, part);
                Assert.False(grown.Values(name).SequenceEqual(updated.Values(name)), $"{name} stayed as it was");
            }
    }

    [Fact]
    public void A_model_does_not_shrink() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DepthGrowth.Grow(_models.Drawn(Shallow), Shallow, 2));
}
