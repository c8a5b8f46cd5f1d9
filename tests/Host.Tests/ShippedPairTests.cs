using System.Text.Json;
using Atlas.Host.Models;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary>The pair in <c>models/small</c>, and which pair runs where none is named.</summary>
public sealed class ShippedPairTests
{
    private const string Prompt = "Please add 482 and 77.\n>>>\n";

    [Theory]
    [InlineData()]
    [InlineData("--dtype", "int8")]
    [InlineData("--temperature", "0.8", "--top-p", "0.9", "--lookahead", "3")]
    public void Held_out_prompts_end_by_themselves_and_speculation_changes_no_token(params string[] options)
    {
        var json = AtlasProgram.Run(["demo", .. Pair, "--requests", "5", "--json", .. options]).Json;
        Assert.True(json.GetProperty("identical").GetBoolean());
        var speculative = json.GetProperty("strategies").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "static");
        Assert.InRange(speculative.GetProperty("ended_by_themselves").GetDouble(), 0.9, 1);
        Assert.InRange(speculative.GetProperty("acceptance_length").GetDouble(), 1.8, 5);
    }

    [Fact]
    public void A_sum_is_restated_and_worked_out()
    {
        var json = AtlasProgram.Run(["generate", .. Pair, "--speculator", "static", "--json", Prompt]).Json;
        Assert.StartsWith("482+77\n", json.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("end_token", json.GetProperty("finish_reason").GetString());
        Assert.True(json.GetProperty("forwards").GetInt32() < json.GetProperty("tokens").GetArrayLength());
    }

    [Fact]
    public void Its_directories_are_whole()
    {
        foreach (string model in (string[])["target", "draft"])
            Assert.Equal(JsonValueKind.Array, AtlasProgram.Run("inspect", Repository.Small(model), "--json").Json.GetProperty("faults").ValueKind);
    }

    [Fact]
    public void Where_none_is_named_the_reference_pair_runs_and_the_small_one_where_that_is_not_there()
    {
        using var pair = new TinyPair();
        using var scratch = new Scratch();
        string inner = Directory.CreateDirectory(scratch.At("some", "where")).FullName;
        foreach (string name in (string[])["small", "reference"])
        {
            Repository.Copy(pair.Target, scratch.At("models", name, "target"));
            Assert.NotEqual(scratch.At("models", name, "target"), ShippedPair.Find([inner])?.Target);
            Repository.Copy(pair.Draft, scratch.At("models", name, "draft"));
            Assert.Equal(scratch.At("models", name, "target"), ShippedPair.Find([inner])?.Target);
        }
        Assert.Equal(scratch.At("models", "reference", "target"), Default(inner));
    }

    private static string[] Pair => ["--target", Repository.Small("target"), "--draft", Repository.Small("draft")];

    // The target that the program takes there, as its JSON says.
    private static string? Default(string workingDirectory) =>
        AtlasProgram.RunIn(workingDirectory, "evaluate", "--requests", "1", "--timed", "1", "--max-tokens", "1", "--domains", "tools", "--json")
            .Json.GetProperty("target").GetProperty("directory").GetString();
}
