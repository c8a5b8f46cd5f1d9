namespace Atlas.Host.Service.Metrics;

/// <summary>What tells values of one figure apart, such as <c>speculator="suffix"</c>.</summary>
/// <param name="Name">As Prometheus allows it.</param>
/// <param name="Value">Any text.</param>
internal readonly record struct MetricLabel(string Name, string Value)
{
    /// <summary>As Prometheus' text format has it.</summary>
    public override string ToString()
    {
        string escaped = Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"{Name}=\"{escaped}\"";
    }
}
