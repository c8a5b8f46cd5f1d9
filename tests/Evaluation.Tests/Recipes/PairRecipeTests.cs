using System.Text;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Recipes;

namespace Atlas.Evaluation.Tests.Recipes;

public sealed class PairRecipeTests
{
    private const string Sound = """
        {
          "seed": 7,
          "tokenizer": { "vocabulary_size": 400, "items_per_domain": 10, "domains": ["tools", "edits"] },
          "target": {
            "hidden_size": 32, "intermediate_size": 64, "layers": 2, "heads": 4, "kv_heads": 2, "context_length": 128,
            "domains": ["tools"], "updates": 5, "batch_tokens": 128, "learning_rate": 0.01, "warm_up_updates": 2, "prompt_weight": 0.5
          },
          "draft": {
            "hidden_size": 16, "intermediate_size": 32, "layers": 1, "heads": 2, "kv_heads": 1, "context_length": 64,
            "domains": ["edits"], "updates": 3, "batch_tokens": 64, "learning_rate": 0.02
          }
        }
        """;

    private static readonly string[] Fragments =
    [
        "null", "true", "-1", "0", "1", "3", "1e400", "1e-400", "2147483647", "2147483648", "-2147483648", "18446744073709551616", "[]", "{}",
        "[null]", "[\"tools\", null]", "\"\"", "\"tools\"", "\"\\ud800\"", "\"\\n\"", ",", ":", "[", "]", "{", "}", "\"", "\\", "NaN", " ", "\n",
        "0.5", "//", "/*", "\u00e9", "1073741824",
    ];

    [Fact]
    public void A_sound_recipe_is_read_with_its_defaults()
    {
        var recipe = Read(Sound);
        Assert.Equal(7UL, recipe.Seed);
        Assert.Equal(["tools", "edits"], recipe.Tokenizer.Domains);
        Assert.Equal((2, 0.5f, 500), (recipe.Target.WarmUpUpdates, recipe.Target.PromptWeight, recipe.Target.CheckpointUpdates));
        Assert.Equal((100, 0.2f), (recipe.Draft.WarmUpUpdates, recipe.Draft.PromptWeight));
        var config = recipe.Draft.ToConfig(400, 399);
        Assert.Equal((16, 2, 1, 8, 64), (config.HiddenSize, config.Heads, config.KvHeads, config.HeadDim, config.ContextLength));
        Assert.Equal([399], config.EndTokens);
        recipe.Target.ToOptions().Validate();
    }

    [Fact]
    public void The_corpus_lies_beside_the_recipe()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("recipe.json");
        File.WriteAllText(path, Sound.Replace("\"seed\": 7,", "\"seed\": 7, \"corpus\": \"text/corpus.json\",", StringComparison.Ordinal));
        Assert.Equal(directory.File("text/corpus.json"), PairRecipe.Read(path).Corpus);
        Assert.Null(Read(Sound).Corpus);
    }

    [Theory]
    [InlineData("target.hidden_size", "30", "hidden_size is 30")]
    [InlineData("target.hidden_size", "4", "hidden_size is 4")]
    [InlineData("target.heads", "0", "heads is 0")]
    [InlineData("target.heads", "2147483647", "heads is 2147483647")]
    [InlineData("target.kv_heads", "3", "kv_heads is 3")]
    [InlineData("target.layers", "-2", "layers is -2")]
    [InlineData("target.intermediate_size", "0", "intermediate_size is 0")]
    [InlineData("draft.context_length", "8", "draft.context_length is 8")]
    [InlineData("draft.updates", "0", "draft.updates is 0")]
    [InlineData("draft.batch_tokens", "63", "draft.batch_tokens is 63")]
    [InlineData("draft.learning_rate", "0", "draft.learning_rate is 0")]
    [InlineData("draft.learning_rate", "1e300", "draft.learning_rate")]
    [InlineData("target.prompt_weight", "-1", "target.prompt_weight is -1")]
    [InlineData("target.warm_up_updates", "-1", "target.warm_up_updates is -1")]
    [InlineData("target.decay_fraction", "1.5", "target.decay_fraction is 1.5")]
    [InlineData("target.beta2", "1", "target.beta2 is 1")]
    [InlineData("target.rope_theta", "0", "target.rope_theta is 0")]
    [InlineData("target.induction_start", "true", "target.induction_start: tied_embeddings")]
    [InlineData("draft.induction_start", "1", "induction_start")]
    [InlineData("target.growth", "{\"layers\": 3, \"updates\": 5}", "target.growth.layers is 3")]
    [InlineData("target.growth", "{\"layers\": 0, \"updates\": 5}", "target.growth.layers is 0")]
    [InlineData("target.growth", "{\"layers\": 1, \"updates\": 0}", "target.growth.updates is 0")]
    [InlineData("target.growth", "{\"layers\": 1}", "updates")]
    [InlineData("target.growth", "{\"layers\": 1, \"updates\": 1, \"narrower\": 0}", "target.growth.narrower is 0")]
    [InlineData("target.growth", "{\"layers\": 1, \"updates\": 1, \"narrower\": 4}", "expected a divisor")]
    [InlineData("target.growth", "{\"layers\": 1, \"updates\": 1, \"narrower\": 2}", "tied_embeddings is true")]
    [InlineData("target.growth", "{\"layers\": 1, \"updates\": 1, \"batch_tokens\": 3}", "target.growth.batch_tokens is 3")]
    [InlineData("target.growth", "{\"layers\": 1, \"updates\": 1, \"learning_rate\": 0}", "target.growth.learning_rate is 0")]
    [InlineData("target.growth", "{\"layers\": 1, \"updates\": 1, \"decay_fraction\": 2}", "target.growth.decay_fraction is 2")]
    [InlineData("target.growth", "{\"layers\": 1, \"updates\": 1, \"muon_momentum\": 1}", "target.growth.muon_momentum is 1")]
    [InlineData("target.surprise_weight", "0", "target.surprise_weight is 0")]
    [InlineData("target.muon_momentum", "-0.1", "target.muon_momentum is -0.1")]
    [InlineData("target.evaluation_updates", "0", "target.evaluation_updates is 0")]
    [InlineData("target.text_share", "1", "target.text_share is 1")]
    [InlineData("target.text_share", "0.1", "corpus is not given")]
    [InlineData("target.text_weight", "0", "target.text_weight is 0")]
    [InlineData("tokenizer.text_characters", "-1", "tokenizer.text_characters is -1")]
    [InlineData("tokenizer.text_characters", "1", "corpus is not given")]
    [InlineData("target.domains", "[]", "target.domains is empty")]
    [InlineData("target.domains", "[\"poems\"]", "'poems'")]
    [InlineData("target.domains", "[null]", "target.domains has 'null'")]
    [InlineData("target.domains", "null", "domains")]
    [InlineData("tokenizer.vocabulary_size", "299", "tokenizer.vocabulary_size is 299")]
    [InlineData("tokenizer.items_per_domain", "0", "tokenizer.items_per_domain is 0")]
    [InlineData("tokenizer", "null", "tokenizer")]
    [InlineData("seed", "-1", "seed")]
    [InlineData("target.hiden_size", "32", "hiden_size")]
    public void A_wrong_value_is_named(string key, string value, string expected)
    {
        var json = JsonNode.Parse(Sound)!.AsObject();
        string[] path = key.Split('.');
        JsonObject owner = path.Length == 1 ? json : json[path[0]]!.AsObject();
        owner[path[^1]] = JsonNode.Parse(value);
        Assert.Contains(expected, Fault(json.ToJsonString()), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_missing_key_without_a_default_is_named()
    {
        foreach (string part in (string[])["tokenizer", "target", "draft"])
            foreach (string key in JsonNode.Parse(Sound)![part]!.AsObject().Select(p => p.Key).ToList())
            {
                if (key is "warm_up_updates" or "prompt_weight") continue;
                var json = JsonNode.Parse(Sound)!.AsObject();
                json[part]!.AsObject().Remove(key);
                Assert.Contains(key, Fault(json.ToJsonString()), StringComparison.Ordinal);
            }
    }

    [Fact]
    public void A_key_given_twice_is_refused() =>
        Assert.Contains("layers", Fault(Sound.Replace("\"layers\": 2,", "\"layers\": 2, \"layers\": 3,", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void An_absent_file_is_named() =>
        Assert.Contains("/absent/recipe.json", Assert.Throws<RecipeException>(() => PairRecipe.Read("/absent/recipe.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Thousands_of_damaged_recipes_are_read_or_refused_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("recipe.json");
        byte[] sound = Encoding.UTF8.GetBytes(Sound);
        var random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 4000; i++)
        {
            File.WriteAllBytes(path, Damage(sound, random));
            try
            {
                var recipe = PairRecipe.Read(path);
                // What is accepted can be trained.
                recipe.Target.ToOptions().Validate();
                recipe.Draft.ToOptions().Validate();
            }
            catch (RecipeException e)
            {
                refused++;
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        Assert.InRange(refused, 2000, 3999);
    }

    private static byte[] Damage(byte[] sound, Random random)
    {
        int at = random.Next(sound.Length), length = random.Next(0, Math.Min(12, sound.Length - at));
        byte[] put = random.Next(3) switch
        {
            0 => [],
            1 => [(byte)random.Next(256)],
            _ => Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]),
        };
        return [.. sound[..at], .. put, .. sound[(at + length)..]];
    }

    private static PairRecipe Read(string json)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("recipe.json"), json);
        return PairRecipe.Read(directory.File("recipe.json"));
    }

    private static string Fault(string json) => Assert.Throws<RecipeException>(() => Read(json)).Message;
}
