namespace Atlas.Host.Replay;

/// <summary>How a replay was made, for those who read its figures.</summary>
/// <param name="Mode"><c>live</c> or <c>recorded</c>.</param>
/// <param name="Description">What ran and what its times are, in sentences.</param>
/// <param name="Arrivals">How arrival times were honoured, as the option has it.</param>
/// <param name="Latency">The table that target forwards were priced by; null where a target ran.</param>
internal sealed record ReplayManner(string Mode, string Description, string Arrivals, string? Latency)
{
    /// <summary>Whether target forwards were priced by a table.</summary>
    public bool Modelled => Latency is not null;

    /// <summary>What times are: <c>modelled</c> or <c>measured</c>.</summary>
    public string Times => Modelled ? "modelled" : "measured";
}
