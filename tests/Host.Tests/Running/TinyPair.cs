using System.Text.Json.Nodes;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Tokenization.Training;

namespace Atlas.Host.Tests.Running;

/// <summary>
/// A pair of tiny checkpoints with random weights; the draft model is the target with noise on its weights, so that it is right now and
/// then. One for each test class, in a directory that goes away with it.
/// </summary>
public sealed class TinyPair : IDisposable
{
    public const string EndToken = "<|end|>";

    private static readonly Lazy<TrainedTokenizer> Vocabulary = new(() => Learn(1));

    private readonly string _directory = Directory.CreateTempSubdirectory("atlas-pair-").FullName;

    public TinyPair()
    {
        Tokenizer = Vocabulary.Value.ToTokenizer();
        Config = Shape("llama", Tokenizer);
        Target = Write("target", Config);
        Draft = Write("draft", Config, noise: 0.1f);
    }

    public Tokenizer Tokenizer { get; }

    public ModelConfig Config { get; }

    public string Target { get; }

    public string Draft { get; }

    public int End => Tokenizer.TokenToId(EndToken)!.Value;

    /// <summary>The shape of the tiny models, for any vocabulary.</summary>
    public static ModelConfig Shape(string modelType, Tokenizer tokenizer) => new()
    {
        ModelType = modelType,
        VocabularySize = tokenizer.VocabularySize,
        HiddenSize = 32,
        IntermediateSize = 64,
        Layers = 2,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 8,
        ContextLength = 1024,
        EndTokens = [tokenizer.TokenToId(EndToken)!.Value],
        QkvBias = modelType == "qwen2",
        QkNorm = modelType == "qwen3",
        LayerWindows = modelType == "mistral" ? [16, 16] : [],
    };

    /// <summary>A vocabulary of workload texts; another seed gives other tokens, and as many.</summary>
    public static TrainedTokenizer Learn(ulong seed)
    {
        var items = WorkloadCatalog.Small.SelectMany(workload => Enumerable.Range(0, 20).Select(i => workload.Item(Split.Training, seed, i)));
        return BpeTrainer.Train(
            items.SelectMany(item => (string[])[item.Prompt, item.Completion]),
            new BpeTrainerOptions { VocabularySize = 384, SpecialTokens = [EndToken], Style = TokenizerStyle.Qwen2 });
    }

    /// <summary>Writes another checkpoint with the pair's tokenizer, or with another one, and returns its directory.</summary>
    public string Write(string name, ModelConfig config, float noise = 0, WeightType type = WeightType.BF16, TrainedTokenizer? vocabulary = null)
    {
        string directory = Path.Combine(_directory, name);
        CheckpointWriter.Write(directory, config, Weights(config, noise), type);
        (vocabulary ?? Vocabulary.Value).Save(Path.Combine(directory, "tokenizer.json"));
        return directory;
    }

    /// <summary>A copy of the target whose files a test may damage.</summary>
    public string CopyTarget(string name)
    {
        string directory = Directory.CreateDirectory(Path.Combine(_directory, name)).FullName;
        foreach (string file in Directory.GetFiles(Target)) File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        return directory;
    }

    /// <summary>A copy of the target with other values in its <c>config.json</c>.</summary>
    public string CopyTarget(string name, Action<JsonObject> change)
    {
        string directory = CopyTarget(name), path = Path.Combine(directory, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(config);
        File.WriteAllText(path, config.ToJsonString());
        return directory;
    }

    /// <summary>Runs <c>atlas generate --json</c> on one thread with the target and, where the arguments name no other, the draft model.</summary>
    internal Completion Generate(params string[] arguments)
    {
        string[] draft = arguments.Contains("--draft") ? [] : ["--draft", Draft];
        return new(AtlasProgram.Run(["generate", "--target", Target, .. draft, "--threads", "1", "--json", .. arguments]).Json);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static WeightsInMemory Weights(ModelConfig config, float noise)
    {
        var basis = new RandomWeights(config, 1);
        var other = new RandomWeights(config, 2);
        var sum = new WeightsInMemory();
        foreach (var tensor in DecoderTensors.Expected(config))
        {
            float[] values = new float[tensor.Elements], added = new float[tensor.Elements];
            basis.Read(tensor.Name, values);
            other.Read(tensor.Name, added);
            for (int i = 0; i < values.Length; i++) values[i] += noise * added[i];
            sum.Write(tensor.Name, [.. tensor.Shape], values);
        }
        return sum;
    }
}
