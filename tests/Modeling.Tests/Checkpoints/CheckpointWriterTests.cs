using System.Buffers.Binary;
using System.Text.Json;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>What is written is read back as it was, and an interrupted write leaves what was there before.</summary>
public class CheckpointWriterTests
{
    public static TheoryData<string> Cases => [.. Golden.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_golden_checkpoint_survives_a_round_trip(string name)
    {
        using var directory = new TemporaryDirectory();
        using Checkpoint original = Checkpoint.Open(Golden.Case(name));
        CheckpointWriter.Write(directory.File("copy"), original.Config, original);
        using Checkpoint copy = Checkpoint.Open(directory.File("copy"));
        Assert.Equivalent(original.Config, copy.Config, strict: true);
        foreach (TensorShape tensor in DecoderTensors.Expected(original.Config))
        {
            float[] before = new float[tensor.Elements], after = new float[tensor.Elements];
            original.Read(tensor.Name, before);
            copy.Read(tensor.Name, after);
            Assert.Equal(before, after);
        }
    }

    [Fact]
    public void Random_configurations_survive_a_round_trip()
    {
        var random = new Random(11);
        for (int i = 0; i < 2000; i++)
        {
            ModelConfig config = RandomConfig(random);
            var faults = new FaultList();
            JsonElement json = JsonFile.ParseObject(ConfigWriter.ToJson(config, WeightType.BF16), "config.json", "", faults)!.Value;
            ModelConfig? read = ConfigReader.Read(json, "config.json", faults);
            Assert.Empty(faults.All);
            Assert.Equivalent(config, read, strict: true);
        }
    }

    [Fact]
    public void Weights_are_rounded_to_bfloat16_where_asked()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path, type: WeightType.BF16);
        using Checkpoint checkpoint = Checkpoint.Open(directory.Path);
        ReadOnlySpan<float> exact = TestModels.RandomWeights(TestModels.Llama).Values(DecoderTensors.Embedding);
        var rounded = new float[exact.Length];
        checkpoint.Read(DecoderTensors.Embedding, rounded);
        Assert.Equal(WeightType.BF16, checkpoint.Describe(DecoderTensors.Embedding).Type);
        for (int i = 0; i < rounded.Length; i++)
        {
            Assert.Equal(0u, BitConverter.SingleToUInt32Bits(rounded[i]) & 0xffff);
            Assert.InRange(Math.Abs(rounded[i] - exact[i]), 0, Math.Abs(exact[i]) / 256);
        }
        Assert.Equal("bfloat16", (string?)TestModels.ReadConfig(directory.Path)["dtype"]);
    }

    [Fact]
    public void The_file_is_as_other_readers_expect_it()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        byte[] bytes = File.ReadAllBytes(directory.File("model.safetensors"));
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
        Assert.Equal("pt", header.RootElement.GetProperty("__metadata__").GetProperty("format").GetString());
        JsonElement embedding = header.RootElement.GetProperty(DecoderTensors.Embedding);
        Assert.Equal("F32", embedding.GetProperty("dtype").GetString());
        Assert.Equal([20, 8], embedding.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        int begin = embedding.GetProperty("data_offsets")[0].GetInt32();
        Assert.Equal(TestModels.RandomWeights(TestModels.Llama).Values(DecoderTensors.Embedding)[0],
            BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + (int)length + begin)));
        var config = TestModels.ReadConfig(directory.Path);
        Assert.Equal("LlamaForCausalLM", (string?)config["architectures"]![0]);
        Assert.Equal("default", (string?)config["rope_parameters"]!["rope_type"]);
    }

    [Fact]
    public void Tensors_come_in_any_order_each_once_and_complete()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("x.safetensors");
        using (var writer = new SafetensorsWriter(path, [new("a", [2]), new("b", [1, 3])], WeightType.F32,
            new Dictionary<string, string> { ["step"] = "12" }))
        {
            writer.Write("b", [1, 3], [3, 4, 5]);
            Assert.Throws<ArgumentException>(() => writer.Write("b", [1, 3], [3, 4, 5]));
            Assert.Throws<ArgumentException>(() => writer.Write("c", [1], [3]));
            Assert.Throws<ArgumentException>(() => writer.Write("a", [2, 1], [1, 2]));
            Assert.Throws<InvalidOperationException>(writer.Commit);
            Assert.False(File.Exists(path));
            writer.Write("a", [2], [1, 2]);
            writer.Commit();
        }
        using SafetensorsFile file = SafetensorsFile.Open(path);
        var values = new float[3];
        file.Read("b", values);
        Assert.Equal([3, 4, 5], values);
        Assert.Equal("12", file.Metadata["step"]);
        Assert.Throws<ArgumentException>(() => new SafetensorsWriter(path, [], WeightType.F16));
    }

    [Fact]
    public void An_export_that_fails_leaves_the_old_checkpoint_and_no_other_trace()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.File("m"));
        string[] before = Listing(directory);
        void Fail(string target, Action<IWeightSink> export) =>
            Assert.ThrowsAny<Exception>(() => CheckpointWriter.Write(target, TestModels.Llama, export));
        foreach (string target in (string[])[directory.File("m"), directory.File("new")])
        {
            Fail(target, sink => sink.Write(DecoderTensors.FinalNorm, [8], new float[8]));
            Fail(target, sink => throw new IOException("the model went away"));
            Assert.Equal(before, Listing(directory));
        }
        Checkpoint.Open(directory.File("m")).Dispose();
    }

    [Fact]
    public void Rewriting_while_another_reads_changes_nothing_for_it()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        using Checkpoint old = Checkpoint.Open(directory.Path);
        CheckpointWriter.Write(directory.Path, TestModels.Llama, TestModels.RandomWeights(TestModels.Llama, seed: 2));
        var values = new float[8];
        old.Read(DecoderTensors.FinalNorm, values);
        Assert.Equal(TestModels.RandomWeights(TestModels.Llama, seed: 1).Values(DecoderTensors.FinalNorm).ToArray(), values);
        using Checkpoint renewed = Checkpoint.Open(directory.Path);
        renewed.Read(DecoderTensors.FinalNorm, values);
        Assert.Equal(TestModels.RandomWeights(TestModels.Llama, seed: 2).Values(DecoderTensors.FinalNorm).ToArray(), values);
    }

    [Fact]
    public void Companions_are_copied()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("tokenizer.json"), "{\"a\": 1}");
        CheckpointWriter.Write(directory.File("m"), TestModels.Llama, TestModels.RandomWeights(TestModels.Llama),
            companions: [directory.File("tokenizer.json")]);
        using Checkpoint checkpoint = Checkpoint.Open(directory.File("m"));
        Assert.Equal("{\"a\": 1}", File.ReadAllText(checkpoint.TokenizerPath!));
    }

    [Fact]
    public void A_configuration_that_its_family_cannot_have_is_refused()
    {
        ModelConfig[] impossible =
        [
            TestModels.Llama with { ModelType = "gpt2" },
            TestModels.Llama with { QkvBias = true },
            TestModels.Llama with { QkNorm = true },
            TestModels.Llama with { LayerWindows = [4, 4] },
            TestModels.Llama with { KvHeads = 3 },
            TestModels.Llama with { ModelType = "mistral", LayerWindows = [4, 0] },
            TestModels.Llama with { ModelType = "qwen3", QkNorm = true, LayerWindows = [4, 6] },
            TestModels.Llama with { EndTokens = [20] },
            TestModels.Llama with { Rope = new RopeConfig { Theta = 0 } },
        ];
        foreach (ModelConfig config in impossible) Assert.Throws<ArgumentException>(() => ConfigWriter.ToJson(config, WeightType.F32));
    }

    [Fact]
    public void An_atomic_file_appears_whole_or_not_at_all()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("state.json");
        AtomicFile.Write(path, "one"u8.ToArray());
        using (var file = new AtomicFile(path))
        {
            file.Content.Write("tw"u8);
            Assert.Equal("one", File.ReadAllText(path));
        }
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, _ => throw new InvalidOperationException()));
        Assert.Equal("one", File.ReadAllText(path));
        AtomicFile.Write(path, "two"u8.ToArray());
        Assert.Equal("two", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(directory.Path));
    }

    private static string[] Listing(TemporaryDirectory directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Order().Select(p => File.Exists(p) ? $"{p} {Convert.ToHexString(File.ReadAllBytes(p)).GetHashCode(StringComparison.Ordinal)}" : p)];

    private static ModelConfig RandomConfig(Random random)
    {
        string type = ((string[])["llama", "mistral", "qwen2", "qwen3"])[random.Next(4)];
        bool bias = random.Next(2) == 0, llama = type == "llama";
        int kv = random.Next(1, 4), layers = random.Next(1, 5), window = random.Next(1, 100);
        int[] windows = type switch
        {
            "mistral" => [.. Enumerable.Repeat(window, layers)],
            "qwen2" or "qwen3" => [.. Enumerable.Range(0, layers).Select(_ => random.Next(2) * window)],
            _ => [],
        };
        return new ModelConfig
        {
            ModelType = type,
            VocabularySize = random.Next(10, 1000),
            HiddenSize = random.Next(1, 100),
            IntermediateSize = random.Next(1, 100),
            Layers = layers,
            Heads = kv * random.Next(1, 5),
            KvHeads = kv,
            HeadDim = 2 * random.Next(1, 40),
            ContextLength = random.Next(1, 1 << 20),
            NormEpsilon = (float)Math.Pow(10, -random.Next(1, 9)) * random.NextSingle() + 1e-12f,
            Rope = RandomRope(random),
            TiedEmbeddings = random.Next(2) == 0,
            QkvBias = type == "qwen2" || (bias && type != "mistral"),
            OutputBias = bias && type is ("llama" or "qwen3"),
            MlpBias = llama && random.Next(2) == 0,
            QkNorm = type == "qwen3",
            LayerWindows = random.Next(3) > 0 && windows.Any(w => w > 0) ? windows : [],
            EndTokens = [.. Enumerable.Range(0, 10).Where(_ => random.Next(4) == 0)],
            BeginToken = random.Next(2) == 0 ? random.Next(10) : null,
        };
    }

    private static RopeConfig RandomRope(Random random)
    {
        var plain = new RopeConfig { Theta = 1 + random.NextDouble() * 1e6 };
        double factor = 1 + random.NextDouble() * 10, low = 0.1 + random.NextDouble();
        return random.Next(3) switch
        {
            0 => plain,
            1 => plain with { Scaling = RopeScaling.Linear, Factor = factor },
            _ => plain with
            {
                Scaling = RopeScaling.Llama3,
                Factor = factor,
                LowFrequencyFactor = low,
                HighFrequencyFactor = low + 0.1 + random.NextDouble(),
                OriginalContextLength = random.Next(1, 10000),
            },
        };
    }
}
