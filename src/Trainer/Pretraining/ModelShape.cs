using Atlas.Modeling;

namespace Atlas.Trainer.Pretraining;

/// <summary>Compares configurations by value, lists included (records compare lists by reference).</summary>
internal static class ModelShape
{
    /// <summary>Whether weights of one fit the other and mean the same there.</summary>
    public static bool Same(ModelConfig a, ModelConfig b) =>
        Windows(a).SequenceEqual(Windows(b))
        && a with { LayerWindows = [], EndTokens = [], BeginToken = null } == b with { LayerWindows = [], EndTokens = [], BeginToken = null };

    private static IEnumerable<int> Windows(ModelConfig config) => Enumerable.Range(0, config.Layers).Select(config.Window);
}
