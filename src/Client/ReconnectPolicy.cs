namespace Atlas.Client;

/// <summary>
/// Whether and how a client connects again when its connection is lost. Calls that were under way then always fail, and are never
/// repeated: what the service did of them is not known, and a repeated <c>draft</c> or <c>generate</c> is not the same call. The next
/// call connects. Sessions end with their connection and must be opened again (<see cref="AtlasClient.Generation"/> tells). Immutable.
/// </summary>
public sealed record ReconnectPolicy
{
    /// <summary>Never: once lost, every call fails.</summary>
    public static ReconnectPolicy Never { get; } = new() { Attempts = 0 };

    /// <summary>Four attempts over about three seconds.</summary>
    public static ReconnectPolicy Default { get; } = new();

    /// <summary>Attempts that one call makes before it fails; 0 for none.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Pause before the second attempt; each further one doubles it.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before an attempt, counted from 0.</summary>
    internal TimeSpan PauseBefore(int attempt) =>
        attempt == 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min(FirstPause.Ticks * Math.Pow(2, attempt - 1), LongestPause.Ticks));
}
