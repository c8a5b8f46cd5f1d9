using System.Text.Json.Nodes;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Pretrain;

/// <summary>Recipes and options that cannot be trained are refused before anything is written.</summary>
public sealed class RecipeRefusalTests
{
    [Theory]
    [InlineData("target", "hiden_size", "16", "hiden_size")]
    [InlineData("target", "domains", "[\"poems\"]", "poems")]
    [InlineData("draft", "heads", "3", "draft.hidden_size")]
    [InlineData("draft", "updates", "-1", "draft.updates")]
    [InlineData("draft", "learning_rate", "\"high\"", "learning_rate")]
    [InlineData("tokenizer", "domains", "[null]", "tokenizer.domains")]
    [InlineData("tokenizer", "vocabulary_size", "10", "vocabulary_size")]
    public void A_wrong_key_or_value_is_named(string part, string key, string value, string mention)
    {
        using var scratch = new Scratch();
        var recipe = Recipes.Tiny(updates: 2);
        recipe[part]![key] = JsonNode.Parse(value);
        string path = scratch.Write("recipe.json", recipe.ToJsonString());
        Train(scratch, "--recipe", path).Refused(path, mention);
        Assert.Equal([path], Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void Files_that_are_not_there_are_named()
    {
        using var scratch = new Scratch();
        string text = scratch.Write("a.txt", "one two three four five six seven eight nine ten");
        Train(scratch, "--recipe", scratch.At("absent.json")).Refused(scratch.At("absent.json"));
        Train(scratch, "--text", scratch.At("absent.txt")).Refused(scratch.At("absent.txt"));
        Train(scratch, "--text", text, "--tokenizer", scratch.At("absent.json")).Refused(scratch.At("absent.json"));
        Assert.False(Directory.Exists(scratch.At("out")));
    }

    [Fact]
    public void A_tokenizer_without_an_end_token_and_an_empty_text_are_refused()
    {
        using var scratch = new Scratch();
        string tokenizer = scratch.At("tokenizer.json");
        TinyPair.Learn(1).Save(tokenizer);
        File.WriteAllText(tokenizer, File.ReadAllText(tokenizer).Replace(TinyPair.EndToken, "<|stop|>", StringComparison.Ordinal));
        Train(scratch, "--text", scratch.Write("a.txt", "one two three"), "--tokenizer", tokenizer).Refused(tokenizer, "end token");
        Train(scratch, "--text", scratch.Write("empty.txt", "")).Refused("tokens");
        Assert.False(Directory.Exists(scratch.At("out")));
    }

    [Theory]
    [InlineData("", "--recipe FILE", "--text FILES")]
    [InlineData("--recipe r.json --text a.txt", "--recipe FILE")]
    [InlineData("--recipe r.json --hidden 32", "--hidden", "recipe")]
    [InlineData("--text a.txt --only draft", "--only")]
    [InlineData("--text a.txt --only both", "both")]
    [InlineData("--text a.txt --hidden 30 --heads 4", "hidden_size is 30")]
    [InlineData("--text a.txt --vocabulary 100", "--vocabulary", "300 or more")]
    [InlineData("--text a.txt --updates 0", "--updates")]
    [InlineData("--text a.txt --learning-rate 0", "learning_rate")]
    [InlineData("--text a.txt --learning-rate fast", "--learning-rate", "fast")]
    [InlineData("--text a.txt --context 64 --batch-tokens 32", "batch_tokens is 32")]
    public void Options_that_contradict_each_other_are_named(string options, params string[] mentions)
    {
        using var scratch = new Scratch();
        Train(scratch, options.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Refused(mentions);
    }

    private static ProgramResult Train(Scratch scratch, params string[] arguments) =>
        AtlasProgram.Run(["pretrain", "--out", scratch.At("out"), "--checkpoints", scratch.At("checkpoints"), .. arguments]);
}
