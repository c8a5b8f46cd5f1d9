using Atlas.Compute.Cpu;
using Atlas.Modeling;
using Atlas.Modeling.Training;
using Atlas.Trainer.Pretraining;

namespace Atlas.Trainer.Tests.Pretraining;

public sealed class InductionStartTests : IDisposable
{
    private const int Vocabulary = 500, Length = 120, Period = 45;

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 2 });

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(256, 4, 2, 2)]
    [InlineData(256, 4, 2, 5)]
    [InlineData(192, 3, 3, 2)]
    [InlineData(256, 8, 2, 3)]
    public void Before_any_training_the_model_predicts_what_came_after_the_same_tokens(int hidden, int heads, int kvHeads, int layers)
    {
        var config = Shape(hidden, heads, kvHeads, layers);
        var drawn = Drawn(config);
        double uninformed = Math.Log(Vocabulary);
        Assert.InRange(LossOnRepetition(config, drawn), uninformed - 0.3, uninformed + 1);
        InductionStart.Write(drawn, config, 3);
        Assert.InRange(LossOnRepetition(config, drawn), 0, uninformed - 1.2);
    }

    [Fact]
    public void The_seed_decides()
    {
        var config = Shape(128, 4, 2, 2);
        WeightsInMemory first = Drawn(config), same = Drawn(config), other = Drawn(config);
        InductionStart.Write(first, config, 3);
        InductionStart.Write(same, config, 3);
        InductionStart.Write(other, config, 4);
        foreach (var tensor in first.Tensors) Assert.Equal(first.Values(tensor.Name), same.Values(tensor.Name));
        Assert.False(first.Values(DecoderTensors.Head).SequenceEqual(other.Values(DecoderTensors.Head)));
    }

    [Fact]
    public void A_shape_that_cannot_start_so_is_named()
    {
        var sound = Shape(128, 4, 2, 2);
        Assert.Null(InductionStart.Hindrance(sound));
        Assert.Contains("tied_embeddings", InductionStart.Hindrance(sound with { TiedEmbeddings = true }), StringComparison.Ordinal);
        Assert.Contains("layers is 1", InductionStart.Hindrance(sound with { Layers = 1 }), StringComparison.Ordinal);
        Assert.Contains("hidden_size is 120", InductionStart.Hindrance(sound with { HiddenSize = 120 }), StringComparison.Ordinal);
        Assert.Contains("rope_theta", InductionStart.Hindrance(sound with { Rope = new RopeConfig { Theta = 2 } }), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => InductionStart.Write(Drawn(sound), sound with { Layers = 1 }, 1));
    }

    private static ModelConfig Shape(int hidden, int heads, int kvHeads, int layers) => new()
    {
        ModelType = "llama",
        VocabularySize = Vocabulary,
        HiddenSize = hidden,
        IntermediateSize = 2 * hidden,
        Layers = layers,
        Heads = heads,
        KvHeads = kvHeads,
        HeadDim = hidden / heads,
        ContextLength = 256,
        Rope = new RopeConfig { Theta = 1e6 },
    };

    private WeightsInMemory Drawn(ModelConfig config)
    {
        var weights = new WeightsInMemory();
        using var decoder = _engine.CreateTrainableDecoder(config, null, 1);
        decoder.ExportWeights(weights);
        return weights;
    }

    // Mean loss on the second and third run through a sequence of random tokens, in nats.
    private double LossOnRepetition(ModelConfig config, WeightsInMemory weights)
    {
        using var decoder = _engine.CreateTrainableDecoder(config, weights, 1);
        var random = new Random(5);
        double sum = 0;
        const int Sequences = 4;
        for (int i = 0; i < Sequences; i++)
        {
            int[] tokens = [.. Enumerable.Range(0, Period).Select(_ => random.Next(Vocabulary))];
            int[] repeated = [.. Enumerable.Range(0, Length + 1).Select(at => tokens[at % Period])];
            var logProbs = new float[Length];
            decoder.LogProbs(new TokenBatch([Length], repeated[..^1], repeated[1..]), logProbs);
            sum -= logProbs[Period..].Average(l => (double)l);
        }
        return sum / Sequences;
    }
}
