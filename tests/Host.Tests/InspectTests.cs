using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary><c>atlas inspect</c>.</summary>
public sealed class InspectTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public void A_sound_directory_is_described()
    {
        string output = AtlasProgram.Run("inspect", pair.Target).Done().Output;
        foreach (string fact in (string[])["llama", "384", "1,024", "BF16", "tokenizer.json", "4 heads of 8", "fingerprint"])
            Assert.Contains(fact, output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_object_holds_the_summary_and_no_faults()
    {
        var json = AtlasProgram.Run("inspect", pair.Target, "--json").Json;
        Assert.Equal("llama", json.GetProperty("summary").GetProperty("type").GetString());
        Assert.Equal(64, json.GetProperty("summary").GetProperty("fingerprint").GetString()!.Length);
        Assert.Equal(0, json.GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public void The_engine_is_reported_where_it_is_asked_for()
    {
        string output = AtlasProgram.Run("inspect", pair.Target, "--engine", "cpu").Done().Output;
        foreach (string fact in (string[])["fingerprint", "engine", "device", "threads", "free memory", " GB"])
            Assert.Contains(fact, output, StringComparison.Ordinal);
        var json = AtlasProgram.Run("inspect", pair.Target, "--engine", "cpu", "--json").Json;
        Assert.Equal("cpu", json.GetProperty("engine").GetProperty("engine").GetString());
        Assert.False(AtlasProgram.Run("inspect", pair.Target, "--json").Json.TryGetProperty("engine", out _));
    }

    [Fact]
    public void All_faults_of_a_broken_directory_are_listed()
    {
        string directory = pair.CopyTarget("broken", config =>
        {
            config["hidden_act"] = "gelu";
            config["num_hidden_layers"] = -1;
        });
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), "{}");
        File.WriteAllBytes(Path.Combine(directory, "model.safetensors"), [1, 2, 3]);
        var result = AtlasProgram.Run("inspect", directory);
        Assert.Equal(2, result.ExitCode);
        string[] lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.StartsWith("atlas: ", line, StringComparison.Ordinal));
        foreach (string fault in (string[])["hidden_act", "num_hidden_layers", "tokenizer.json", "model.safetensors"])
            Assert.Contains(lines, line => line.Contains(fault, StringComparison.Ordinal));
        var json = AtlasProgram.Run("inspect", directory, "--json");
        Assert.Equal(2, json.ExitCode);
        using var document = System.Text.Json.JsonDocument.Parse(json.Output);
        Assert.Equal(lines, document.RootElement.GetProperty("faults").EnumerateArray().Select(fault => "atlas: " + fault.GetString()));
    }

    [Fact]
    public void A_vocabulary_wider_than_the_model_is_a_fault()
    {
        string directory = pair.Write("narrow", pair.Config with { VocabularySize = pair.Config.VocabularySize - 4, EndTokens = [1] });
        var result = AtlasProgram.Run("inspect", directory);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{pair.Config.VocabularySize} tokens", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_a_fault()
    {
        var result = AtlasProgram.Run("inspect", "/no/such/model");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("/no/such/model", result.Error, StringComparison.Ordinal);
    }
}
