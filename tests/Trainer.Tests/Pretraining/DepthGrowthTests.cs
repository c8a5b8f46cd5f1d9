using Atlas.Compute.Cpu;
using Atlas.Modeling;
using Atlas.Modeling.Training;
using Atlas.Trainer.Pretraining;

namespace Atlas.Trainer.Tests.Pretraining;

public sealed class DepthGrowthTests : IDisposable
{
    private static readonly ModelConfig Shallow = new()
    {
        ModelType = "qwen2",
        VocabularySize = 60,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 3,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 8,
        ContextLength = 64,
        QkvBias = true,
    };

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 2 });

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_grown_model_computes_the_same_bits(int layers)
    {
        var weights = Drawn();
        var grown = DepthGrowth.Grow(weights, Shallow, layers);
        Assert.Equal(LogProbs(Shallow, weights), LogProbs(Shallow with { Layers = layers }, grown));
    }

    [Fact]
    public void Every_new_block_learns()
    {
        var config = Shallow with { Layers = 8 };
        var grown = DepthGrowth.Grow(Drawn(), Shallow, config.Layers);
        using var decoder = _engine.CreateTrainableDecoder(config, grown, 1);
        decoder.Accumulate(Batch(), new WeightedCrossEntropy([.. Enumerable.Repeat(1f, 30)], 30));
        decoder.Update(new AdamWStep(1e-3f));
        var updated = new WeightsInMemory();
        decoder.ExportWeights(updated);
        for (int i = 0; i < config.Layers; i++)
            foreach (string part in (string[])["self_attn.o_proj.weight", "mlp.down_proj.weight"])
            {
                string name = DecoderTensors.Layer(i, part);
                Assert.False(grown.Values(name).SequenceEqual(updated.Values(name)), $"{name} stayed as it was");
            }
    }

    [Fact]
    public void A_model_does_not_shrink() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DepthGrowth.Grow(Drawn(), Shallow, 2));

    private static TokenBatch Batch()
    {
        var random = new Random(2);
        int[] tokens = [.. Enumerable.Range(0, 31).Select(_ => random.Next(Shallow.VocabularySize))];
        return new TokenBatch([30], tokens[..^1], tokens[1..]);
    }

    private WeightsInMemory Drawn()
    {
        var weights = new WeightsInMemory();
        using var decoder = _engine.CreateTrainableDecoder(Shallow, null, 9);
        decoder.ExportWeights(weights);
        return weights;
    }

    private float[] LogProbs(ModelConfig config, WeightsInMemory weights)
    {
        using var decoder = _engine.CreateTrainableDecoder(config, weights, 1);
        var batch = Batch();
        var result = new float[batch.Positions];
        decoder.LogProbs(batch, result);
        return result;
    }
}
