namespace Atlas.Host.Service.Metrics;

/// <summary>One value of a figure.</summary>
/// <param name="Value">The value.</param>
/// <param name="Label">What it is the value of; null where the figure has but one.</param>
internal readonly record struct MetricValue(double Value, MetricLabel? Label = null)
{
    /// <summary>A figure's name with the label, as <c>stats</c> and Prometheus show it.</summary>
    public string NameOf(string figure) => Label is { } label ? $"{figure}{{{label}}}" : figure;
}
