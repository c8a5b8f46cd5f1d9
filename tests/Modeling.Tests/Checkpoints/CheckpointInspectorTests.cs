using System.Text.Json.Nodes;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

public class CheckpointInspectorTests
{
    [Fact]
    public void A_sound_checkpoint_is_described()
    {
        CheckpointReport report = CheckpointInspector.Inspect(Golden.Case("llama-rope-llama3"));
        Assert.Empty(report.Faults);
        using Checkpoint checkpoint = Checkpoint.Open(Golden.Case("llama-rope-llama3"));
        Assert.Equal(checkpoint.Fingerprint, report.Fingerprint);
        Assert.Equal(checkpoint.WeightBytes, report.Tensors.Sum(t => t.Bytes));
        var facts = report.Summary.ToDictionary();
        Assert.Equal("llama", facts["type"]);
        Assert.Equal("theta 500, llama3 scaling by 8 from a context of 32", facts["rope"]);
        Assert.Equal("4 heads of 16, 2 key/value heads", facts["attention"]);
        Assert.Equal("2, 5, 7", facts["end tokens"]);
        Assert.Equal("none", facts["tokenizer"]);
        Assert.Equal("F32", facts["dtype"]);
        Assert.EndsWith("bytes in 1 file", facts["weights"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen3-window", "sliding window", "5 in 1 of 2 layers")]
    [InlineData("qwen3-window", "attention", "4 heads of 12, 2 key/value heads, QK norm")]
    [InlineData("qwen2-tied", "attention", "4 heads of 8, 2 key/value heads, q/k/v bias")]
    [InlineData("qwen2-tied", "vocabulary", "80 (output head tied to the embedding)")]
    [InlineData("llama-bias", "attention", "4 heads of 8, 2 key/value heads, q/k/v/o bias, feed-forward bias")]
    [InlineData("llama-rope-linear", "rope", "theta 10000, linear scaling by 4")]
    [InlineData("llama-bf16", "dtype", "BF16")]
    public void Features_show_in_the_summary(string name, string label, string expected) =>
        Assert.Equal(expected, CheckpointInspector.Inspect(Golden.Case(name)).Summary.ToDictionary()[label]);

    [Fact]
    public void All_faults_are_listed_not_only_the_first()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        JsonObject config = TestModels.ReadConfig(directory.Path);
        config["hidden_act"] = "gelu";
        config["num_key_value_heads"] = 5;
        config["mystery"] = 1;
        TestModels.WriteConfig(directory.Path, config);
        File.WriteAllText(directory.File("generation_config.json"), "[");
        File.WriteAllText(directory.File("model.safetensors"), "short");
        CheckpointReport report = CheckpointInspector.Inspect(directory.Path);
        string file = directory.File("config.json");
        Assert.Equal($"{file}: num_key_value_heads: 5, expected a divisor of num_attention_heads = 2", report.Faults[0]);
        Assert.Equal($"{file}: hidden_act: \"gelu\" is not supported, expected \"silu\"", report.Faults[1]);
        Assert.Equal($"{file}: mystery: unknown key, and it might change the result", report.Faults[2]);
        Assert.StartsWith($"{directory.File("generation_config.json")}: not valid JSON", report.Faults[3], StringComparison.Ordinal);
        Assert.StartsWith($"{directory.File("model.safetensors")}: 5 bytes", report.Faults[4], StringComparison.Ordinal);
        Assert.Equal(5, report.Faults.Count);
        Assert.Null(report.Config);
        Assert.Null(report.Fingerprint);
        Assert.Equal(report.Faults[0], TestModels.Fault(directory.Path));
    }

    [Fact]
    public void Every_missing_tensor_is_listed()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        SafetensorsWriter.Save(directory.File("model.safetensors"),
            WeightsInMemory.CopyOf(TestModels.RandomWeights(TestModels.Llama), [DecoderTensors.Embedding]));
        int expected = DecoderTensors.Expected(TestModels.Llama).Count() - 1;
        Assert.Equal(expected, CheckpointInspector.Inspect(directory.Path).Faults.Count(f => f.Contains("is missing", StringComparison.Ordinal)));
    }

    [Fact]
    public void Weights_that_are_not_finite_are_counted()
    {
        using var directory = new TemporaryDirectory();
        WeightsInMemory weights = TestModels.RandomWeights(TestModels.Llama);
        weights.Write(DecoderTensors.FinalNorm, [8], [1, float.NaN, 1, float.PositiveInfinity, 1, 1, 1, 1]);
        CheckpointWriter.Write(directory.File("m"), TestModels.Llama, weights, WeightType.BF16);
        CheckpointReport report = CheckpointInspector.Inspect(directory.File("m"));
        Assert.Equal([$"{Path.Combine(directory.File("m"), "model.safetensors")}: tensor \"model.norm.weight\": 2 values are not finite"],
            report.Faults);
    }

    [Fact]
    public void Further_checks_add_their_findings()
    {
        CheckpointReport report = CheckpointInspector.Inspect(Golden.Case("llama-bf16"),
            (directory, config) => [$"{directory}: vocabulary of {config!.VocabularySize}\nis odd"],
            (_, _) => throw new CheckpointException("tokenizer.json: no such file"));
        Assert.Equal([$"{Golden.Case("llama-bf16")}: vocabulary of 80?is odd", "tokenizer.json: no such file"], report.Faults);
    }

    [Fact]
    public void A_directory_that_does_not_exist_is_one_fault()
    {
        CheckpointReport report = CheckpointInspector.Inspect("/nowhere/at/all", (_, _) => throw new InvalidOperationException());
        Assert.Equal(["/nowhere/at/all: no such directory"], report.Faults);
    }
}
