using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>Small configurations with random weights.</summary>
internal static class TestModels
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ModelConfig Llama { get; } = new()
    {
        ModelType = "llama",
        VocabularySize = 20,
        HiddenSize = 8,
        IntermediateSize = 12,
        Layers = 2,
        Heads = 2,
        KvHeads = 1,
        HeadDim = 4,
        ContextLength = 64,
        BeginToken = 1,
        EndTokens = [2],
    };

    public static WeightsInMemory RandomWeights(ModelConfig config, int seed = 1)
    {
        var random = new Random(seed);
        var weights = new WeightsInMemory();
        foreach (TensorShape tensor in DecoderTensors.Expected(config))
        {
            var values = new float[tensor.Elements];
            for (int i = 0; i < values.Length; i++) values[i] = (float)(random.NextDouble() - 0.5);
            weights.Write(tensor.Name, [.. tensor.Shape], values);
        }
        return weights;
    }

    /// <summary>A whole sound checkpoint in a directory.</summary>
    public static void Write(string directory, ModelConfig? config = null, WeightType type = WeightType.F32) =>
        CheckpointWriter.Write(directory, config ?? Llama, RandomWeights(config ?? Llama), type);

    public static JsonObject ReadConfig(string directory) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(directory, CheckpointFiles.Config)))!.AsObject();

    public static void WriteConfig(string directory, JsonObject json) =>
        File.WriteAllText(Path.Combine(directory, CheckpointFiles.Config), json.ToJsonString(Plain));

    public static string Fault(string directory) => Assert.Throws<CheckpointException>(() => Checkpoint.Open(directory).Dispose()).Message;
}
