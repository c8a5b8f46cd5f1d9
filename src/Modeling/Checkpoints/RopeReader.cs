namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Reads rotary positions from <c>config.json</c>: <c>rope_theta</c> and <c>rope_scaling</c> at the top (older files), or one
/// <c>rope_parameters</c> object that holds both (current ones).
/// </summary>
internal static class RopeReader
{
    private const double DefaultTheta = 10000;
    private const double MostTheta = 1e15;
    private static readonly IReadOnlySet<string> Unused = new HashSet<string> { "original_max_position_embeddings" };

    /// <summary>The rope of a configuration; the plain one stands in after a fault.</summary>
    public static RopeConfig Read(JsonKeys config)
    {
        double? theta = config.Number("rope_theta", 1, MostTheta);
        RopeConfig? current = config.Nested("rope_parameters") is { } parameters ? ReadObject(config, parameters, theta) : null;
        RopeConfig? older = config.Nested("rope_scaling") is { } scaling ? ReadObject(config, scaling, theta) : null;
        if (current is not null && older is not null && current != older)
            config.Fault("rope_scaling", "contradicts rope_parameters, expected one of them or the same in both");
        return current ?? older ?? new RopeConfig { Theta = theta ?? DefaultTheta };
    }

    private static RopeConfig ReadObject(JsonKeys config, JsonKeys rope, double? topTheta)
    {
        double? theta = rope.Number("rope_theta", 1, MostTheta);
        if (theta is not null && topTheta is not null && theta != topTheta)
            config.Fault("rope_theta", $"{topTheta:R} contradicts the {theta:R} beside the rope type, expected one of them");
        var plain = new RopeConfig { Theta = theta ?? topTheta ?? DefaultTheta };
        string? type = rope.Text("rope_type"), legacy = rope.Text("type");
        if (type is not null && legacy is not null && type != legacy)
            rope.Fault("type", $"{FaultList.Quote(legacy)} contradicts rope_type {FaultList.Quote(type)}, expected the same");
        switch (type ?? legacy ?? "default")
        {
            case "default":
                if (rope.Number("factor", 0, double.MaxValue) is { } factor && factor != 1)
                    rope.Fault("factor", $"{factor:R} without a rope type that uses it, expected rope_type \"linear\" or \"llama3\"");
                RefuseOthers(rope);
                return plain;
            case "linear":
                plain = plain with { Scaling = RopeScaling.Linear, Factor = Factor(rope) };
                RefuseOthers(rope);
                return plain;
            case "llama3":
                plain = ReadLlama3(rope, plain);
                RefuseOthers(rope);
                return plain;
            case var other:
                rope.Fault(type is null ? "type" : "rope_type",
                    $"{FaultList.Quote(other)} is not supported, expected \"default\", \"linear\" or \"llama3\"");
                return plain;
        }
    }

    private static RopeConfig ReadLlama3(JsonKeys rope, RopeConfig plain)
    {
        double low = Required(rope, "low_freq_factor", 1e-6, 1e6), high = Required(rope, "high_freq_factor", 1e-6, 1e6);
        if (high <= low) rope.Fault("high_freq_factor", $"{high:R}, expected more than low_freq_factor ({low:R})");
        return plain with
        {
            Scaling = RopeScaling.Llama3,
            Factor = Factor(rope),
            LowFrequencyFactor = low,
            HighFrequencyFactor = high,
            OriginalContextLength = rope.RequiredInteger("original_max_position_embeddings", 1, ConfigLimits.Context),
        };
    }

    private static double Factor(JsonKeys rope) => Required(rope, "factor", 1, 1e6);

    private static double Required(JsonKeys rope, string key, double least, double most)
    {
        if (rope.Value(key) is null) rope.Fault(key, $"missing, expected a number from {least:R} to {most:R}");
        return rope.Number(key, least, most) ?? (key == "high_freq_factor" ? most : least);
    }

    private static void RefuseOthers(JsonKeys rope)
    {
        foreach (string key in (string[])["partial_rotary_factor", "attention_factor"])
        {
            if (rope.Number(key, 0, double.MaxValue) is { } value && value != 1) rope.Fault(key, $"{value:R}, expected 1");
        }
        rope.RefuseOthers(Unused);
    }
}
