using System.Text.Json.Nodes;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>Whole directories: which tensors must be there, shards, the tied head, the fingerprint.</summary>
public class CheckpointTests
{
    [Fact]
    public void A_path_that_is_no_checkpoint_directory_is_refused()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal($"{directory.File("absent")}: no such directory", TestModels.Fault(directory.File("absent")));
        Assert.Equal(": no such directory", TestModels.Fault(""));
        Assert.Equal("a?b: no such directory", TestModels.Fault("a\0b"));
        File.WriteAllText(directory.File("file"), "x");
        Assert.Equal($"{directory.File("file")}: is a file, expected a checkpoint directory", TestModels.Fault(directory.File("file")));
        Assert.Equal($"{directory.File("config.json")}: no such file", TestModels.Fault(directory.Path));
        Directory.CreateDirectory(directory.File("config.json"));
        Assert.Equal($"{directory.File("config.json")}: is a directory, expected a file", TestModels.Fault(directory.Path));
    }

    [Fact]
    public void Absent_weights_are_named_and_other_formats_pointed_out()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        File.Delete(directory.File("model.safetensors"));
        string expected = $"{directory.Path}: no weights, expected model.safetensors or model.safetensors.index.json";
        Assert.Equal(expected, TestModels.Fault(directory.Path));
        File.WriteAllText(directory.File("pytorch_model.bin"), "");
        Assert.Equal($"{expected} (pytorch_model.bin is another format: convert it to safetensors)", TestModels.Fault(directory.Path));
    }

    [Fact]
    public void An_adapter_beside_the_weights_is_refused()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        File.WriteAllText(directory.File("adapter_config.json"), "{}");
        Assert.Equal($"{directory.File("adapter_config.json")}: adapters are not supported, expected weights with the adapter merged in",
            TestModels.Fault(directory.Path));
    }

    [Fact]
    public void Missing_misshapen_and_unexpected_tensors_are_refused_by_name()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        string path = directory.File("model.safetensors");
        void Expect(string expected, Action<WeightsInMemory> extra, params string[] without)
        {
            WeightsInMemory all = TestModels.RandomWeights(TestModels.Llama);
            var some = WeightsInMemory.CopyOf(all, all.Tensors.Select(t => t.Name).Except(without));
            extra(some);
            SafetensorsWriter.Save(path, some);
            Assert.Equal(expected, TestModels.Fault(directory.Path));
        }
        const string Norm = "model.layers.1.input_layernorm.weight";
        Expect($"{directory.Path}: tensor \"{Norm}\" is missing, expected shape [8]", _ => { }, Norm);
        Expect($"{path}: tensor \"{Norm}\": shape [2, 4], expected [8] by config.json", w => w.Write(Norm, [2, 4], new float[8]), Norm);
        Expect($"{directory.Path}: tensor \"lm_head.weight\" is missing, expected shape [20, 8]", _ => { }, "lm_head.weight");
        Expect($"{path}: tensor \"model.layers.0.self_attn.q_proj.bias\" is not one that config.json asks for",
            w => w.Write("model.layers.0.self_attn.q_proj.bias", [8], new float[8]));
        Expect($"{path}: tensor \"score.weight\" is not one that config.json asks for", w => w.Write("score.weight", [2, 8], new float[16]));
    }

    [Fact]
    public void A_dtype_that_is_not_read_is_refused_by_name()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        byte[] bytes = File.ReadAllBytes(directory.File("model.safetensors"));
        int at = bytes.AsSpan().IndexOf("F32"u8);
        "I32"u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(directory.File("model.safetensors"), bytes);
        Assert.Equal($"{directory.File("model.safetensors")}: tensor \"model.embed_tokens.weight\": dtype I32, expected F32, F16 or BF16",
            TestModels.Fault(directory.Path));
    }

    [Fact]
    public void Rotary_frequencies_and_an_equal_tied_head_are_accepted_and_not_shown()
    {
        using var directory = new TemporaryDirectory();
        ModelConfig config = TestModels.Llama with { TiedEmbeddings = true };
        TestModels.Write(directory.Path, config);
        WeightsInMemory weights = TestModels.RandomWeights(config);
        weights.Write("model.layers.0.self_attn.rotary_emb.inv_freq", [2], [1, 0.1f]);
        weights.Write("lm_head.weight", [20, 8], weights.Values("model.embed_tokens.weight"));
        SafetensorsWriter.Save(directory.File("model.safetensors"), weights);
        using (Checkpoint checkpoint = Checkpoint.Open(directory.Path))
        {
            Assert.False(checkpoint.Contains("lm_head.weight"));
            Assert.Throws<CheckpointException>(() => checkpoint.Describe("lm_head.weight"));
            Assert.Equal(config.ParameterCount * 4, checkpoint.WeightBytes);
        }
        weights.Write("lm_head.weight", [20, 8], new float[160]);
        SafetensorsWriter.Save(directory.File("model.safetensors"), weights);
        Assert.Equal($"{directory.File("model.safetensors")}: tensor \"lm_head.weight\" differs from model.embed_tokens.weight, "
            + "but tie_word_embeddings says that they are one", TestModels.Fault(directory.Path));
    }

    [Fact]
    public void Shards_read_as_one_and_give_the_same_fingerprint()
    {
        using var whole = new TemporaryDirectory();
        using var sharded = new TemporaryDirectory();
        TestModels.Write(whole.Path);
        WriteShards(sharded);
        using Checkpoint a = Checkpoint.Open(whole.Path), b = Checkpoint.Open(sharded.Path);
        Assert.Equal(a.Fingerprint, b.Fingerprint);
        Assert.Matches("^[0-9a-f]{64}$", a.Fingerprint);
        foreach (TensorShape tensor in DecoderTensors.Expected(a.Config))
        {
            float[] x = new float[tensor.Elements], y = new float[tensor.Elements];
            a.Read(tensor.Name, x);
            b.Read(tensor.Name, y);
            Assert.Equal(x, y);
        }
    }

    [Fact]
    public void Faults_between_index_and_shards_are_named()
    {
        using var directory = new TemporaryDirectory();
        string index = directory.File("model.safetensors.index.json");
        const string Norm = "model.norm.weight";
        void Expect(string expected, Action<JsonObject> edit)
        {
            WriteShards(directory);
            JsonObject json = JsonNode.Parse(File.ReadAllText(index))!.AsObject();
            edit(json);
            File.WriteAllText(index, json.ToJsonString());
            Assert.Equal(expected, TestModels.Fault(directory.Path));
        }
        JsonObject Map(JsonObject json) => json["weight_map"]!.AsObject();
        Expect($"{directory.File("b.safetensors")}: no such file", _ => File.Delete(directory.File("b.safetensors")));
        Expect($"{index}: weight_map: tensor \"other\" is not in b.safetensors", json => Map(json)["other"] = "b.safetensors");
        foreach (string wrong in (string[])["5", "null", "\"\"", "\"..\"", "\"../b.safetensors\""])
        {
            Expect($"{index}: weight_map.{Norm}: {wrong}, expected the name of a file in the same directory",
                json => Map(json)[Norm] = JsonNode.Parse(wrong));
        }
        Expect($"{directory.File("b.safetensors")}: tensor \"{Norm}\" is not listed for this shard in model.safetensors.index.json",
            json => Map(json).Remove(Norm));
        Expect($"{index}: weight_map: missing, expected an object that maps tensors to shards", json => json.Remove("weight_map"));
        Expect($"{index}: weight_map: 0 shards, expected 1 to 4096", json => json["weight_map"] = new JsonObject());
        Expect($"{index}: weight_map: a list, expected an object", json => json["weight_map"] = new JsonArray());
        Expect($"{index}: metadata: 3, expected an object", json => json["metadata"] = 3);
        Expect($"{index}: more: unknown key, and it might change the result", json => json["more"] = 3);
    }

    [Fact]
    public void An_index_of_very_many_entries_is_refused_in_linear_time()
    {
        using var directory = new TemporaryDirectory();
        WriteShards(directory);
        string index = directory.File("model.safetensors.index.json");
        IEnumerable<string> entries = Enumerable.Range(0, 300_000).Select(i => $"\"t{i}\": \"s{i}\"");
        File.WriteAllText(index, $"{{\"weight_map\": {{{string.Join(",", entries)}}}}}");
        Assert.Equal($"{index}: weight_map: 300000 shards, expected 1 to 4096", TestModels.Fault(directory.Path));
        File.WriteAllText(index, $"{{\"weight_map\": {{{string.Join(",", entries).Replace("\"s", "\"/s", StringComparison.Ordinal)}}}}}");
        Assert.Equal($"{index}: weight_map.t0: \"/s0\", expected the name of a file in the same directory", TestModels.Fault(directory.Path));
        IReadOnlyList<string> faults = CheckpointInspector.Inspect(directory.Path).Faults;
        Assert.Equal(1001, faults.Count);
        Assert.Equal("more than 1000 faults: the rest are not listed", faults[^1]);
    }

    [Fact]
    public void A_tensor_in_two_shards_is_refused()
    {
        using var directory = new TemporaryDirectory();
        WriteShards(directory);
        WeightsInMemory all = TestModels.RandomWeights(TestModels.Llama);
        SafetensorsWriter.Save(directory.File("a.safetensors"), WeightsInMemory.CopyOf(all, Names(all, first: true).Append("lm_head.weight")));
        Assert.Equal(
            [
                $"{directory.File("a.safetensors")}: tensor \"lm_head.weight\" is not listed for this shard in model.safetensors.index.json",
                $"{directory.File("b.safetensors")}: tensor \"lm_head.weight\" is in a.safetensors too, expected in one shard",
            ],
            CheckpointInspector.Inspect(directory.Path).Faults);
    }

    [Fact]
    public void A_single_file_takes_precedence_over_an_index()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        File.WriteAllText(directory.File("model.safetensors.index.json"), "stale");
        Checkpoint.Open(directory.Path).Dispose();
    }

    [Fact]
    public void The_fingerprint_follows_weights_types_and_configuration()
    {
        using var directory = new TemporaryDirectory();
        string Print(Action<string> write)
        {
            string path = directory.File(Guid.NewGuid().ToString("N"));
            write(path);
            using Checkpoint checkpoint = Checkpoint.Open(path);
            return checkpoint.Fingerprint;
        }
        ModelConfig config = TestModels.Llama;
        WeightsInMemory changed = TestModels.RandomWeights(config);
        float[] norm = changed.Values("model.norm.weight").ToArray();
        norm[3] = MathF.BitIncrement(norm[3]);
        changed.Write("model.norm.weight", [8], norm);
        string[] prints =
        [
            Print(p => TestModels.Write(p)),
            Print(p => TestModels.Write(p, type: WeightType.BF16)),
            Print(p => CheckpointWriter.Write(p, config, changed)),
            Print(p => TestModels.Write(p, config with { Rope = new RopeConfig { Theta = 1e6 } })),
        ];
        Assert.Equal(4, prints.Distinct().Count());
        Assert.Equal(prints[0], Print(p => TestModels.Write(p)));
    }

    [Fact]
    public void Large_tensors_count_in_the_fingerprint_at_both_ends()
    {
        using var directory = new TemporaryDirectory();
        ModelConfig config = TestModels.Llama with { VocabularySize = 20_000 };
        TestModels.Write(directory.File("m"), config);
        string weights = Path.Combine(directory.File("m"), "model.safetensors");
        string Print()
        {
            using Checkpoint checkpoint = Checkpoint.Open(directory.File("m"));
            return checkpoint.Fingerprint;
        }
        var prints = new HashSet<string> { Print() };
        long start = 8 + BitConverter.ToInt64(File.ReadAllBytes(weights), 0);
        foreach (long at in (long[])[start, start + 20_000 * 8 * 4 - 1])
        {
            using (FileStream stream = File.Open(weights, FileMode.Open))
            {
                stream.Position = at;
                int value = stream.ReadByte();
                stream.Position = at;
                stream.WriteByte((byte)(value ^ 1));
            }
            Assert.True(prints.Add(Print()));
        }
    }

    [Fact]
    public void The_tokenizer_is_found_where_there_is_one()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        using Checkpoint checkpoint = Checkpoint.Open(directory.Path);
        Assert.Null(checkpoint.TokenizerPath);
        File.WriteAllText(directory.File("tokenizer.json"), "{}");
        Assert.Equal(directory.File("tokenizer.json"), checkpoint.TokenizerPath);
    }

    private static IEnumerable<string> Names(WeightsInMemory all, bool first)
    {
        string[] names = [.. all.Tensors.Select(t => t.Name)];
        return first ? names.Take(names.Length / 2) : names.Skip(names.Length / 2);
    }

    private static void WriteShards(TemporaryDirectory directory)
    {
        TestModels.Write(directory.Path);
        File.Delete(directory.File("model.safetensors"));
        WeightsInMemory all = TestModels.RandomWeights(TestModels.Llama);
        var map = new JsonObject();
        foreach ((string shard, bool first) in (ValueTuple<string, bool>[])[("a.safetensors", true), ("b.safetensors", false)])
        {
            SafetensorsWriter.Save(directory.File(shard), WeightsInMemory.CopyOf(all, Names(all, first)));
            foreach (string name in Names(all, first)) map[name] = shard;
        }
        var index = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 1 }, ["weight_map"] = map };
        File.WriteAllText(directory.File("model.safetensors.index.json"), index.ToJsonString());
    }
}
