using Atlas.Compute.Cpu;
using Atlas.Evaluation.Recipes;
using Atlas.Modeling;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Tests.Recipes;

public sealed class StagedTrainingTests : IDisposable
{
    private static readonly ModelRecipe Recipe = new()
    {
        HiddenSize = 64,
        IntermediateSize = 48,
        Layers = 4,
        Heads = 4,
        KvHeads = 2,
        ContextLength = 64,
        TiedEmbeddings = false,
        RopeTheta = 1e6,
        InductionStart = true,
        Growth = new GrowthRecipe { Layers = 2, Narrower = 2, Updates = 6 },
        Domains = ["short-tools"],
        Updates = 5,
        BatchTokens = 128,
        LearningRate = 1e-3f,
        DecayFraction = 0.5,
        EvaluationUpdates = 3,
        CheckpointUpdates = 2,
    };

    private static readonly PretrainingData Data = new(
        new TextDocuments([.. Enumerable.Range(0, 900).Select(i => i * i % 97)], 40, 1),
        [new HeldOutSet("text", new TextDocuments([.. Enumerable.Range(0, 300).Select(i => i * 7 % 97)], 40, 1))]);

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 2 });

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(9)]
    public void Interrupted_in_either_stage_it_ends_with_the_same_weights(int interruptedAfter)
    {
        using TemporaryDirectory whole = new(), broken = new();
        var (expected, state) = Train(whole.Path, int.MaxValue);
        Assert.Throws<OperationCanceledException>(() => Train(broken.Path, interruptedAfter));
        var (actual, resumed) = Train(broken.Path, int.MaxValue);
        foreach (var tensor in expected.Tensors) Assert.Equal(expected.Values(tensor.Name), actual.Values(tensor.Name));
        Assert.Equal((11L, state.Tokens), (resumed.Step, resumed.Tokens));
    }

    [Fact]
    public void The_second_stage_learns_from_documents_that_the_first_has_not_seen()
    {
        using var directory = new TemporaryDirectory();
        var seen = new RecordingDocuments(Data.Training);
        Run(Data with { Training = seen }, directory.Path, null, CancellationToken.None);
        Assert.Equal(seen.Indices.Order(), seen.Indices);
    }

    private (WeightsInMemory Weights, PretrainingState State) Train(string directory, int updates)
    {
        using var cancellation = new CancellationTokenSource();
        int made = 0;
        return Run(Data, directory, _ => CancelAfter(), cancellation.Token);

        void CancelAfter()
        {
            if (++made == updates) cancellation.Cancel();
        }
    }

    private (WeightsInMemory Weights, PretrainingState State) Run(
        PretrainingData data, string directory, Action<PretrainingProgress>? progress, CancellationToken cancellation) =>
        new StagedTraining(_engine, 5, progress, cancellation).Run(Recipe, Recipe.ToConfig(97, 96), data, directory);

    private sealed class RecordingDocuments(IDocumentSource source) : IDocumentSource
    {
        public List<long> Indices { get; } = [];

        public TokenDocument Document(long index)
        {
            Indices.Add(index);
            return source.Document(index);
        }
    }
}
