using Atlas.Compute.Cpu;
using Atlas.Modeling;
using Atlas.Modeling.Training;
using Atlas.Trainer.Pretraining;

namespace Atlas.Trainer.Tests.Pretraining;

/// <summary>Draws models, and computes and trains them on one sequence of random tokens.</summary>
internal sealed class DrawnModels : IDisposable
{
    public const int Vocabulary = 60;

    private const int Length = 30;

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 2 });
    private readonly TokenBatch _batch;

    public DrawnModels()
    {
        var random = new Random(2);
        int[] tokens = [.. Enumerable.Range(0, Length + 1).Select(_ => random.Next(Vocabulary))];
        _batch = new TokenBatch([Length], tokens[..^1], tokens[1..]);
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>A model's weights as they are drawn.</summary>
    public WeightsInMemory Drawn(ModelConfig config)
    {
        using var decoder = _engine.CreateTrainableDecoder(config, null, 9);
        return Exported(decoder);
    }

    /// <summary>Log-probabilities of the sequence's tokens.</summary>
    public float[] LogProbs(ModelConfig config, WeightsInMemory weights)
    {
        using var decoder = _engine.CreateTrainableDecoder(config, weights, 1);
        var result = new float[Length];
        decoder.LogProbs(_batch, result);
        return result;
    }

    /// <summary>The weights after some updates on the sequence.</summary>
    public WeightsInMemory Trained(ModelConfig config, WeightsInMemory weights, int updates)
    {
        using var decoder = _engine.CreateTrainableDecoder(config, weights, 1);
        for (int i = 0; i < updates; i++)
        {
            decoder.Accumulate(_batch, new WeightedCrossEntropy([.. Enumerable.Repeat(1f, Length)], Length));
            decoder.Update(new AdamWStep(1e-3f));
        }
        return Exported(decoder);
    }

    private static WeightsInMemory Exported(ITrainableDecoder decoder)
    {
        var weights = new WeightsInMemory();
        decoder.ExportWeights(weights);
        return weights;
    }
}
