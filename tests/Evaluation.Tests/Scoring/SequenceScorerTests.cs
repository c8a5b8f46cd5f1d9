using Atlas.Compute.Cpu;
using Atlas.Evaluation.Scoring;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Scoring;

public sealed class SequenceScorerTests : IDisposable
{
    private static readonly ModelConfig Config = new()
    {
        ModelType = "llama",
        VocabularySize = 50,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 2,
        Heads = 2,
        KvHeads = 1,
        HeadDim = 16,
        ContextLength = 64,
        EndTokens = [49],
    };

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 1 });

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(64)]
    [InlineData(8)]
    [InlineData(1)]
    public void The_loss_is_the_trainable_decoders_however_long_the_chunks(int rows)
    {
        int[] prompt = Tokens(1, 13), continuation = Tokens(2, 21);
        using var decoder = Load(rows);
        using var trainable = _engine.CreateTrainableDecoder(Config, new RandomWeights(Config, 3), 3);
        int[] all = [.. prompt, .. continuation];
        var logProbs = new float[all.Length - 1];
        trainable.LogProbs(new TokenBatch([all.Length - 1], all[..^1], all[1..]), logProbs);

        var score = new SequenceScorer(decoder).Score(prompt, continuation);
        Assert.Equal(21, score.Tokens);
        Assert.Equal(-logProbs[12..].Sum(p => (double)p), score.Loss, 1e-2);
    }

    [Fact]
    public void The_entropy_is_that_of_the_distributions_at_temperature_one()
    {
        int[] prompt = Tokens(1, 5), continuation = Tokens(2, 4);
        using var decoder = Load(64);
        double expected = 0;
        for (int i = 0; i < continuation.Length; i++)
        {
            using var sequence = decoder.OpenSequence();
            var plan = new BatchPlan();
            plan.Begin(sequence);
            plan.AddChain([.. prompt, .. continuation[..i]], BatchPlan.NoParent, lastOutput: true);
            var logits = new float[Config.VocabularySize];
            decoder.Forward(plan).ReadLogits(plan.Rows - 1, logits);
            double z = logits.Sum(x => Math.Exp(x));
            expected -= logits.Sum(x => Math.Exp(x) / z * Math.Log(Math.Exp(x) / z));
        }
        Assert.Equal(expected, new SequenceScorer(decoder).Score(prompt, continuation).Entropy, 1e-4);
    }

    [Fact]
    public void Nothing_stays_open_and_an_empty_prompt_is_refused()
    {
        using var decoder = Load(64);
        var scorer = new SequenceScorer(decoder);
        Assert.Equal(scorer.Score([1, 2], [3, 4]), scorer.Score([1, 2], [3, 4]));
        Assert.Equal(default, scorer.Score([1, 2], []));
        Assert.Throws<ArgumentException>(() => scorer.Score([], [1]));
        using var free = decoder.OpenSequence();
    }

    private IDecoder Load(int rows) => _engine.LoadDecoder(
        Config, new RandomWeights(Config, 3), new DecoderOptions { Format = WeightFormat.F32, MaxRows = rows, MaxPending = rows, MaxSequences = 1 });

    private static int[] Tokens(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(Config.VocabularySize))];
    }
}
