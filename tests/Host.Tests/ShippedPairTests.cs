using System.Text.Json;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary>The pair in <c>models/small</c>, found without being named: what a first user sees.</summary>
public sealed class ShippedPairTests
{
    private const string Prompt = "Please add 482 and 77.\n>>>\n";

    [Theory]
    [InlineData()]
    [InlineData("--dtype", "int8")]
    [InlineData("--temperature", "0.8", "--top-p", "0.9", "--branches", "3")]
    public void Held_out_prompts_end_by_themselves_and_speculation_changes_no_token(params string[] options)
    {
        var json = AtlasProgram.Run(["demo", "--requests", "5", "--json", .. options]).Json;
        Assert.True(json.GetProperty("identical").GetBoolean());
        var speculative = json.GetProperty("strategies").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "static");
        Assert.InRange(speculative.GetProperty("ended_by_themselves").GetDouble(), 0.9, 1);
        Assert.InRange(speculative.GetProperty("acceptance_length").GetDouble(), 1.8, 5);
    }

    [Fact]
    public void A_sum_is_restated_and_worked_out()
    {
        var json = AtlasProgram.Run("generate", "--json", Prompt).Json;
        Assert.StartsWith("482+77\n", json.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("end_token", json.GetProperty("finish_reason").GetString());
        Assert.True(json.GetProperty("forwards").GetInt32() < json.GetProperty("tokens").GetArrayLength());
    }

    [Fact]
    public void Its_directories_are_whole()
    {
        foreach (string model in (string[])["target", "draft"])
            Assert.Equal(JsonValueKind.Array, AtlasProgram.Run("inspect", Directory(model), "--json").Json.GetProperty("faults").ValueKind);
    }

    private static string Directory(string model)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "models", "small", model);
            if (System.IO.Directory.Exists(path)) return path;
        }
        throw new DirectoryNotFoundException($"models/small/{model}");
    }
}
