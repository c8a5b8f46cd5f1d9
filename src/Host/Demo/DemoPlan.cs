namespace Atlas.Host.Demo;

/// <summary>How long the demonstration is, and what it measures.</summary>
internal sealed record DemoPlan
{
    /// <summary>Requests of each phase; null where time decides.</summary>
    public int? Requests { get; init; }

    /// <summary>Time that all phases together take where no number of requests was asked for.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Most tokens emitted per request.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Whether everything is measured: batches, unpredictable traffic, ablations, what the trainer costs.</summary>
    public bool Full { get; init; }

    /// <summary>Lookahead of the static strategy.</summary>
    public int Lookahead { get; init; } = 4;

    /// <summary>Requests of each phase of which a whole demonstration consists where none were asked for.</summary>
    public const int FullRequests = 120;

    /// <summary>Fewest requests of a phase, whatever the time.</summary>
    public const int LeastRequests = 6;

    /// <summary>Whether a phase has had its share.</summary>
    /// <param name="phase">Its index.</param>
    /// <param name="phases">How many there are.</param>
    /// <param name="served">Requests of it that were served.</param>
    /// <param name="elapsed">Time since the first phase began.</param>
    public bool IsOver(int phase, int phases, int served, TimeSpan elapsed) =>
        Requests is { } requests ? served >= requests : served >= LeastRequests && elapsed >= Duration * (phase + 1) / phases;
}
