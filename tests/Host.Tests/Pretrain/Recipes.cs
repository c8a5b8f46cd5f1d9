using System.Text.Json.Nodes;

namespace Atlas.Host.Tests.Pretrain;

/// <summary>Recipes that train in a second.</summary>
internal static class Recipes
{
    public static JsonObject Tiny(int updates) => new()
    {
        ["seed"] = 7,
        ["tokenizer"] = new JsonObject { ["vocabulary_size"] = 320, ["items_per_domain"] = 20, ["domains"] = Domains() },
        ["target"] = Model(16, updates),
        ["draft"] = Model(8, updates),
    };

    private static JsonArray Domains() => ["arithmetic", "tools"];

    private static JsonObject Model(int width, int updates) => new()
    {
        ["hidden_size"] = width,
        ["intermediate_size"] = 2 * width,
        ["layers"] = 1,
        ["heads"] = 2,
        ["kv_heads"] = 1,
        ["context_length"] = 64,
        ["domains"] = Domains(),
        ["updates"] = updates,
        ["batch_tokens"] = 64,
        ["learning_rate"] = 0.01,
        ["warm_up_updates"] = 2,
        ["checkpoint_updates"] = 20,
    };
}
