using System.Text.Json.Nodes;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>The ends of a model: what is read of a checkpoint whose blocks are nobody's business.</summary>
public sealed class ModelEndsTests
{
    private static readonly string[] Ends = [DecoderTensors.Embedding, DecoderTensors.FinalNorm, DecoderTensors.Head];

    [Fact]
    public void Of_a_whole_checkpoint_the_ends_are_read_as_they_are()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        using var ends = ModelEnds.Open(directory.Path);
        using var whole = Checkpoint.Open(directory.Path);
        Assert.Equal((20, 8, 0, false), (ends.Config.VocabularySize, ends.Config.HiddenSize, ends.Config.Layers, ends.Config.TiedEmbeddings));
        Assert.Equal(Ends.Order(), DecoderTensors.Expected(ends.Config).Select(tensor => tensor.Name).Order());
        foreach (string name in Ends)
        {
            float[] here = new float[ends.Describe(name).Shape.Aggregate(1, (a, b) => a * b)], there = new float[here.Length];
            ends.Read(name, here);
            whole.Read(name, there);
            Assert.Equal(there, here);
        }
        Assert.False(ends.Contains(DecoderTensors.Layer(0, "mlp.up_proj.weight")));
        Assert.Throws<CheckpointException>(() => ends.Describe(DecoderTensors.Layer(0, "mlp.up_proj.weight")));
    }

    [Fact]
    public void Blocks_of_any_kind_stand_between_and_their_shards_may_be_missing()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        using (var whole = ModelEnds.Open(directory.Path))
        {
            var json = TestModels.ReadConfig(directory.Path);
            json["model_type"] = "another_family";
            json["quantization_config"] = new JsonObject { ["quant_method"] = "awq" };
            json["num_experts"] = 64;
            TestModels.WriteConfig(directory.Path, json);
            File.Delete(directory.File("model.safetensors"));
            Shard(directory, "first.safetensors", [DecoderTensors.Embedding]);
            Shard(directory, "last.safetensors", [DecoderTensors.FinalNorm, DecoderTensors.Head]);
            var map = new JsonObject { ["model.layers.0.mlp.experts.7.qweight"] = "blocks.safetensors", [DecoderTensors.Embedding] = "first.safetensors" };
            map[DecoderTensors.FinalNorm] = "last.safetensors";
            map[DecoderTensors.Head] = "last.safetensors";
            File.WriteAllText(directory.File("model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
            using var ends = ModelEnds.Open(directory.Path);
            // What lies between and how it is spread over files is no part of them.
            Assert.Equal(whole.Fingerprint, ends.Fingerprint);
        }
    }

    [Fact]
    public void Other_ends_have_another_fingerprint()
    {
        using var one = new TemporaryDirectory();
        using var other = new TemporaryDirectory();
        using var tied = new TemporaryDirectory();
        TestModels.Write(one.Path);
        CheckpointWriter.Write(other.Path, TestModels.Llama, TestModels.RandomWeights(TestModels.Llama, seed: 2), WeightType.F32);
        TestModels.Write(tied.Path, TestModels.Llama with { TiedEmbeddings = true });
        using var first = ModelEnds.Open(one.Path);
        using var second = ModelEnds.Open(other.Path);
        using var third = ModelEnds.Open(tied.Path);
        Assert.Equal(3, new[] { first, second, third }.Select(ends => ends.Fingerprint).Distinct().Count());
        Assert.False(third.Contains(DecoderTensors.Head));
    }

    [Fact]
    public void What_is_missing_or_wrong_is_named_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal($"{directory.File("absent")}: no such directory", Fault(directory.File("absent")));
        TestModels.Write(directory.Path);
        File.Delete(directory.File("model.safetensors"));
        Shard(directory, "model.safetensors", [DecoderTensors.Embedding, DecoderTensors.FinalNorm]);
        Assert.Equal($"{directory.Path}: tensor \"{DecoderTensors.Head}\" is missing, expected shape [20, 8]", Fault(directory.Path));
        Shard(directory, "model.safetensors", Ends);
        var json = TestModels.ReadConfig(directory.Path);
        json["hidden_size"] = 16;
        TestModels.WriteConfig(directory.Path, json);
        Assert.Equal(
            $"{directory.File("model.safetensors")}: tensor \"{DecoderTensors.Embedding}\": shape [20, 8], expected [20, 16] by config.json", Fault(directory.Path));
        json.Remove("vocab_size");
        TestModels.WriteConfig(directory.Path, json);
        Assert.StartsWith($"{directory.File("config.json")}: vocab_size: missing", Fault(directory.Path), StringComparison.Ordinal);
        File.WriteAllText(directory.File("config.json"), "[]");
        Assert.StartsWith($"{directory.File("config.json")}: ", Fault(directory.Path), StringComparison.Ordinal);
    }

    private static string Fault(string directory) => Assert.Throws<CheckpointException>(() => ModelEnds.Open(directory).Dispose()).Message;

    private static void Shard(TemporaryDirectory directory, string name, string[] tensors) =>
        SafetensorsWriter.Save(directory.File(name), WeightsInMemory.CopyOf(TestModels.RandomWeights(TestModels.Llama), tensors));
}
