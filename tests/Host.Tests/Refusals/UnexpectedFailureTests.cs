using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Refusals;

/// <summary>What fails for reasons of the machine ends with exit code 1 and one line, never with a stack trace.</summary>
public sealed class UnexpectedFailureTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public void An_output_directory_that_cannot_be_made_fails_in_one_line()
    {
        using var scratch = new Scratch();
        string text = scratch.Write("text.txt", string.Concat(Enumerable.Repeat("one two three four five ", 40)));
        // A file stands where the directory would be.
        var result = AtlasProgram.Run(
            "pretrain", "--text", text, "--out", Path.Combine(text, "model"), "--checkpoints", scratch.At("checkpoints"), "--vocabulary", "300",
            "--hidden", "16", "--ffn", "16", "--layers", "1", "--heads", "2", "--kv-heads", "1", "--context", "16", "--batch-tokens", "16", "--updates", "1");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("atlas: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(result.Error.Length - 1, result.Error.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void Sizes_beyond_any_memory_fail_in_one_line()
    {
        var result = AtlasProgram.Run("bench", "--width", "1073741824", "--heads", "2", "--kv-heads", "2", "--layers", "1", "--rounds", "1");
        Assert.InRange(result.ExitCode, 1, 2);
        Assert.StartsWith("atlas: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal(result.Error.Length - 1, result.Error.IndexOf('\n', StringComparison.Ordinal));
    }

    [UnixFact]
    public void A_prompt_file_that_is_a_directory_is_refused() =>
        AtlasProgram.Run("generate", "--target", pair.Target, "--prompt-file", Path.GetTempPath()).Refused("--prompt-file");
}
