using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Pretrain;

/// <summary><c>atlas pretrain --text</c> trains one decoder on text files.</summary>
public sealed class TextTests
{
    private static readonly string[] Shape =
    [
        "--vocabulary", "300", "--hidden", "16", "--ffn", "32", "--layers", "1", "--heads", "2", "--kv-heads", "1", "--context", "32",
        "--batch-tokens", "64", "--threads", "1", "--json",
    ];

    [Fact]
    public void Text_files_make_a_model_that_generates_and_is_better_for_more_updates()
    {
        using var scratch = new Scratch();
        string[] files = [scratch.Write("a.txt", Counting(0, 150)), scratch.Write("b.txt", Counting(150, 300))];
        double few = Train(scratch, "few", files, "--updates", "2").Json.GetProperty("models")[0].GetProperty("held_out_loss").GetDouble();
        double more = Train(scratch, "more", files, "--updates", "120").Json.GetProperty("models")[0].GetProperty("held_out_loss").GetDouble();
        Assert.True(more < few - 0.5, $"{more} against {few}");
        var run = new Completion(AtlasProgram.Run("generate", "--target", scratch.At("more"), "--prompt", "one two", "--max-tokens", "8", "--json").Json);
        Assert.NotEmpty(run.Tokens);
        AtlasProgram.Run("inspect", scratch.At("more")).Done();
    }

    [Fact]
    public void A_given_tokenizer_is_taken_over_byte_by_byte()
    {
        using var scratch = new Scratch();
        string tokenizer = scratch.At("tokenizer.json");
        TinyPair.Learn(1).Save(tokenizer);
        Train(scratch, "model", [scratch.Write("a.txt", Counting(0, 100))], "--updates", "1", "--tokenizer", tokenizer).Done();
        Assert.Equal(File.ReadAllBytes(tokenizer), File.ReadAllBytes(scratch.At("model", "tokenizer.json")));
    }

    [Fact]
    public void A_trailing_slash_changes_nothing()
    {
        using var scratch = new Scratch();
        string file = scratch.Write("a.txt", Counting(0, 100));
        var json = AtlasProgram.Run(
            ["pretrain", "--text", file, "--out", scratch.At("model") + "/", "--checkpoints", scratch.At("c"), "--updates", "1", .. Shape]).Json;
        Assert.Equal("model", json.GetProperty("models")[0].GetProperty("name").GetString());
        Assert.True(File.Exists(scratch.At("model", "config.json")));
    }

    [Fact]
    public void Checkpoints_of_another_text_are_not_continued()
    {
        using var scratch = new Scratch();
        Train(scratch, "model", [scratch.Write("a.txt", Counting(0, 100))], "--updates", "1").Done();
        var result = Train(scratch, "model", [scratch.Write("a.txt", Counting(1, 101))], "--updates", "1");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(scratch.At("model-checkpoints"), result.Error, StringComparison.Ordinal);
    }

    private static string Counting(int from, int to) => string.Concat(Enumerable.Range(from, to - from).Select(i => $"one two three {i % 10} four five\n"));

    private static ProgramResult Train(Scratch scratch, string name, string[] files, params string[] more) => AtlasProgram.Run(
        ["pretrain", "--text", .. files, "--out", scratch.At(name), "--checkpoints", scratch.At(name + "-checkpoints"), .. Shape, .. more]);
}
