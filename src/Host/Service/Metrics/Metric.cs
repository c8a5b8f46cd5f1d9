namespace Atlas.Host.Service.Metrics;

/// <summary>One figure of the service, read when it is asked for.</summary>
/// <param name="Name">As Prometheus has it, without labels.</param>
/// <param name="Help">What it says, in one line.</param>
/// <param name="IsCounter">Whether it only rises; otherwise it is a gauge.</param>
/// <param name="Read">Reads it; from any thread.</param>
internal sealed record Metric(string Name, string Help, bool IsCounter, Func<double> Read)
{
    /// <summary>Labels, such as <c>speculator="suffix"</c>; empty for none.</summary>
    public string Labels { get; init; } = "";

    /// <summary>Name and labels, as <c>stats</c> shows it.</summary>
    public string FullName => Labels.Length == 0 ? Name : $"{Name}{{{Labels}}}";
}
