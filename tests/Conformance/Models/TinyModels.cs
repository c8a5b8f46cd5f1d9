using Atlas.Modeling;

namespace Atlas.Conformance.Models;

/// <summary>Small shapes, one per feature of the model families.</summary>
public static class TinyModels
{
    /// <summary>Names for theories.</summary>
    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (string name in All.Keys) names.Add(name);
            return names;
        }
    }

    public static IReadOnlyDictionary<string, ModelConfig> All { get; } = new Dictionary<string, ModelConfig>
    {
        ["llama"] = Base with { },
        ["llama-biases"] = Base with { QkvBias = true, OutputBias = true, MlpBias = true },
        ["llama3-rope"] = Base with
        {
            Rope = new RopeConfig
            {
                Theta = 500000,
                Scaling = RopeScaling.Llama3,
                Factor = 8,
                LowFrequencyFactor = 1,
                HighFrequencyFactor = 4,
                OriginalContextLength = 64,
            },
        },
        ["linear-rope"] = Base with { Rope = new RopeConfig { Scaling = RopeScaling.Linear, Factor = 4 } },
        ["mistral"] = Base with { ModelType = "mistral", LayerWindows = [5, 5] },
        ["mixed-windows"] = Base with { ModelType = "qwen2", QkvBias = true, Layers = 3, LayerWindows = [0, 7, 1] },
        ["qwen2"] = Base with { ModelType = "qwen2", QkvBias = true, TiedEmbeddings = true, NormEpsilon = 1e-6f },
        ["qwen3"] = Base with { ModelType = "qwen3", QkNorm = true, HeadDim = 32, TiedEmbeddings = true, Rope = new RopeConfig { Theta = 1e6 } },
        ["odd-widths"] = Base with
        {
            ModelType = "qwen3",
            VocabularySize = 83,
            HiddenSize = 45,
            IntermediateSize = 77,
            Heads = 6,
            KvHeads = 3,
            HeadDim = 10,
            QkNorm = true,
        },
        ["wide-heads"] = Base with { HiddenSize = 96, IntermediateSize = 130, Heads = 3, KvHeads = 1, HeadDim = 88 },
    };

    private static ModelConfig Base => new()
    {
        ModelType = "llama",
        VocabularySize = 101,
        HiddenSize = 64,
        IntermediateSize = 112,
        Layers = 2,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 16,
        ContextLength = 128,
    };
}
