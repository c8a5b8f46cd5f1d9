using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>Small models of every family, of sizes that are no multiple of any vector, and batches for them.</summary>
public static class TinyModels
{
    public static ModelConfig Llama { get; } = new()
    {
        ModelType = "llama",
        VocabularySize = 23,
        HiddenSize = 10,
        IntermediateSize = 13,
        Layers = 2,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 6,
        ContextLength = 256,
        TiedEmbeddings = true,
    };

    public static ModelConfig Named(string name) => name switch
    {
        "llama" => Llama,
        "llama-untied-biased" => Llama with { TiedEmbeddings = false, QkvBias = true, OutputBias = true, MlpBias = true },
        "llama3-rope" => Llama with
        {
            Rope = new RopeConfig
            {
                Theta = 500,
                Scaling = RopeScaling.Llama3,
                Factor = 8,
                LowFrequencyFactor = 1,
                HighFrequencyFactor = 4,
                OriginalContextLength = 32,
            },
        },
        "mistral" => Llama with { ModelType = "mistral", TiedEmbeddings = false, LayerWindows = [3, 3] },
        "qwen2" => Llama with { ModelType = "qwen2", QkvBias = true, KvHeads = 1 },
        "qwen3" => Llama with { ModelType = "qwen3", QkNorm = true, KvHeads = 4, NormEpsilon = 1e-6f },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static TokenBatch Batch(ModelConfig config, int seed, params int[] lengths)
    {
        var random = new Random(seed);
        int total = lengths.Sum();
        var tokens = new int[total];
        var targets = new int[total];
        for (int i = 0; i < total; i++)
        {
            tokens[i] = random.Next(config.VocabularySize);
            targets[i] = i % 5 == 3 ? -1 : random.Next(config.VocabularySize);
        }
        return new TokenBatch(lengths, tokens, targets);
    }
}
