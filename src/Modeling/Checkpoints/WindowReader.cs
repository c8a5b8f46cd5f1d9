namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Reads sliding attention windows from <c>config.json</c>. A window of n lets a query see n positions, its own included, as the masks of
/// transformers do.
/// </summary>
internal static class WindowReader
{
    private const string Sliding = "sliding_attention", Full = "full_attention";
    private const int DefaultWindow = 4096, DefaultFirstLayer = 28;

    /// <summary>One window per layer (0: none), or an empty list where no layer has one.</summary>
    public static IReadOnlyList<int> Read(JsonKeys config, ModelFamily family, int layers)
    {
        IReadOnlyList<bool>? types = LayerTypes(config, layers);
        bool? use = config.Boolean("use_sliding_window");
        int? window = config.Integer("sliding_window", family.Windows == WindowRule.ByLayer ? 0 : 1, int.MaxValue);
        if (window is null && !config.Has("sliding_window")) window = DefaultWindow;
        return family.Windows switch
        {
            WindowRule.Never => None(config, use, types),
            WindowRule.EveryLayer => Every(config, layers, use, window, types),
            _ => ByLayer(config, layers, use == true, window, types),
        };
    }

    private static int[] None(JsonKeys config, bool? use, IReadOnlyList<bool>? types)
    {
        if (config.Value("sliding_window") is { } given)
            config.Fault("sliding_window", $"{JsonFile.Describe(given)}, expected null: this model type has no window");
        if (use == true) config.Fault("use_sliding_window", "true, expected false: this model type has no window");
        if (types?.Contains(true) == true) config.Fault("layer_types", $"has \"{Sliding}\", expected \"{Full}\" in every layer");
        return [];
    }

    private static int[] Every(JsonKeys config, int layers, bool? use, int? window, IReadOnlyList<bool>? types)
    {
        bool slides = window is not null;
        string state = slides ? "set" : "null";
        if (use is not null && use != slides) config.Fault("use_sliding_window", $"contradicts sliding_window, which is {state}");
        if (types?.Contains(!slides) == true)
            config.Fault("layer_types", $"contradicts sliding_window, which is {state} and holds for every layer");
        return slides ? [.. Enumerable.Repeat(window!.Value, layers)] : [];
    }

    private static int[] ByLayer(JsonKeys config, int layers, bool use, int? window, IReadOnlyList<bool>? types)
    {
        int first = config.Integer("max_window_layers", 0, int.MaxValue) ?? DefaultFirstLayer;
        bool slides = use && window is not null;
        if (slides && window == 0) config.Fault("sliding_window", $"0, expected an integer from 1 to {int.MaxValue}");
        if (!slides && types?.Contains(true) == true)
            config.Fault("layer_types", $"has \"{Sliding}\", expected use_sliding_window true and a sliding_window");
        int[] windows = [.. Enumerable.Range(0, layers).Select(i => slides && (types?[i] ?? i >= first) ? window!.Value : 0)];
        return windows.Any(w => w != 0) ? windows : [];
    }

    // True where the layer slides; null where the key is absent or wrong.
    private static IReadOnlyList<bool>? LayerTypes(JsonKeys config, int layers)
    {
        if (config.Texts("layer_types") is not { } types) return null;
        if (types.Count != layers)
        {
            config.Fault("layer_types", $"{types.Count} entries, expected num_hidden_layers = {layers}");
            return null;
        }
        foreach (string type in types.Where(t => t is not (Sliding or Full)).Distinct())
        {
            config.Fault("layer_types", $"{FaultList.Quote(type)} is not supported, expected \"{Full}\" or \"{Sliding}\"");
            return null;
        }
        return [.. types.Select(t => t == Sliding)];
    }
}
