namespace Atlas.Host.Replay;

/// <summary>What one report is about: a trace, or a scenario with its seeds.</summary>
/// <param name="Name">Short; its files are named so.</param>
/// <param name="Sources">One, or one for each seed.</param>
/// <param name="Expected">What the scenario says is to be seen; null where nothing says.</param>
internal sealed record ReplayJob(string Name, IReadOnlyList<ReplaySource> Sources, string? Expected = null)
{
    /// <summary>Seeds of the traffic.</summary>
    public IReadOnlyList<ulong> Seeds => [.. Sources.Select(source => source.Seed).OfType<ulong>()];
}
