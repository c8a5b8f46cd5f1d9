using System.Text.Json;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Pretrain;

/// <summary><c>atlas pretrain --recipe</c> makes a pair that the other commands take.</summary>
public sealed class RecipeTests
{
    [Fact]
    public void A_recipe_makes_a_pair_that_is_sound_and_generates()
    {
        using var scratch = new Scratch();
        string recipe = scratch.Write("recipe.json", Recipes.Tiny(updates: 6).ToJsonString());
        var result = Train(scratch, recipe);
        var models = result.Json.GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(["target", "draft"], models.Select(model => model.GetProperty("name").GetString()));
        foreach (var model in models)
        {
            Assert.Equal(6, model.GetProperty("updates").GetInt32());
            Assert.InRange(model.GetProperty("tokens").GetInt32(), 1, 6 * 64);
            Assert.InRange(model.GetProperty("held_out_loss").GetDouble(), 0.1, 10);
            string directory = model.GetProperty("directory").GetString()!;
            Assert.Contains("320", AtlasProgram.Run("inspect", directory).Done().Output, StringComparison.Ordinal);
        }
        using var record = JsonDocument.Parse(File.ReadAllText(scratch.At("pair", "draft", "training.json")));
        Assert.Equal(["arithmetic", "tools"], record.RootElement.GetProperty("domains").EnumerateArray().Select(domain => domain.GetString()).Order());
        Assert.Equal(6, record.RootElement.GetProperty("updates").GetInt32());
        Assert.Equal(["arithmetic", "tools"], record.RootElement.GetProperty("held_out_loss").EnumerateObject().Select(loss => loss.Name));
        string[] generate = ["generate", "--target", scratch.At("pair", "target"), "--json", "--max-tokens", "12", "--prompt", "Add 2.\n>>>\n"];
        var plain = new Completion(AtlasProgram.Run(generate).Json);
        new Completion(AtlasProgram.Run([.. generate, "--draft", scratch.At("pair", "draft")]).Json).SameAs(plain);
        Assert.Equal(Directory.GetFiles(scratch.At("pair", "target")).Select(Path.GetFileName).Order(), ["config.json", "model.safetensors", "tokenizer.json", "training.json"]);
    }

    [Fact]
    public void Only_the_draft_model_is_made_where_only_that_is_asked_for()
    {
        using var scratch = new Scratch();
        string recipe = scratch.Write("recipe.json", Recipes.Tiny(updates: 2).ToJsonString());
        Train(scratch, recipe, "--only", "draft").Done();
        Assert.True(File.Exists(scratch.At("pair", "draft", "model.safetensors")));
        Assert.False(Directory.Exists(scratch.At("pair", "target")));
    }

    [Fact]
    public void Progress_names_update_loss_pace_and_time_left()
    {
        using var scratch = new Scratch();
        string output = Train(scratch, scratch.Write("recipe.json", Recipes.Tiny(updates: 3).ToJsonString())).Done().Output;
        Assert.Matches(@"target \[#*\.*\] +\d+ % update 1 loss \d+\.\d{3} held out - \d+ tokens/s \d:\d\d:\d\d left", output);
        Assert.Matches(@"draft \[#{24}\] +100 % update 3 loss \d+\.\d{3} held out \d+\.\d{3}", output);
    }

    [Fact]
    public void A_corpus_of_packages_that_are_not_installed_is_refused_before_anything_is_written()
    {
        using var scratch = new Scratch();
        var recipe = Recipes.Tiny(updates: 2);
        recipe["corpus"] = "corpus.json";
        recipe["target"]!["text_share"] = 0.1;
        scratch.Write("corpus.json", """{ "sources": [{ "package": "atlas-no-such-package", "files": ["/usr/**"] }] }""");
        var result = Train(scratch, scratch.Write("recipe.json", recipe.ToJsonString()));
        Assert.Equal(2, result.ExitCode);
        // A system without dpkg says so instead.
        Assert.Matches("apt-get install atlas-no-such-package|dpkg-query is not there", result.Error);
        Assert.False(Directory.Exists(scratch.At("pair")));
    }

    [Fact]
    public void Checkpoints_of_another_seed_are_not_continued()
    {
        using var scratch = new Scratch();
        var recipe = Recipes.Tiny(updates: 2);
        Train(scratch, scratch.Write("recipe.json", recipe.ToJsonString()), "--only", "draft").Done();
        recipe["seed"] = 8;
        var result = Train(scratch, scratch.Write("recipe.json", recipe.ToJsonString()), "--only", "draft");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(scratch.At("checkpoints", "draft"), result.Error, StringComparison.Ordinal);
    }

    private static ProgramResult Train(Scratch scratch, string recipe, params string[] more) => AtlasProgram.Run(
        ["pretrain", "--recipe", recipe, "--out", scratch.At("pair"), "--checkpoints", scratch.At("checkpoints"), "--threads", "1", "--json", .. more]);
}
