namespace Atlas.Host.Service.Metrics;

/// <summary>One value of a figure.</summary>
/// <param name="Value">The value.</param>
/// <param name="Label">What it is the value of; null where the figure has but one.</param>
/// <param name="Suffix">Which of a histogram's numbers it is, such as <c>_sum</c>; empty for a figure that is one number.</param>
internal readonly record struct MetricValue(double Value, MetricLabel? Label = null, string Suffix = "")
{
    /// <summary>A figure's name with suffix and label, as <c>stats</c> and Prometheus show it.</summary>
    public string NameOf(string figure) => Label is { } label ? $"{figure}{Suffix}{{{label}}}" : figure + Suffix;
}
