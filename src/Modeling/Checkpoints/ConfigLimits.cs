namespace Atlas.Modeling.Checkpoints;

/// <summary>Sizes beyond which a configuration is taken for damaged; every product that a shape is made of stays within an int.</summary>
internal static class ConfigLimits
{
    /// <summary>Hidden size, feed-forward width, heads times head width.</summary>
    public const int Width = 1 << 20;

    /// <summary>Token ids.</summary>
    public const int Vocabulary = 1 << 24;

    /// <summary>Blocks.</summary>
    public const int Layers = 1 << 12;

    /// <summary>Positions.</summary>
    public const int Context = 1 << 30;
}
