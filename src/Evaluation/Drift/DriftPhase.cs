using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Drift;

/// <summary>A stretch of a scenario's traffic.</summary>
/// <param name="Requests">How many, 1 or more.</param>
/// <param name="Domains">Weights of workload domains at the phase's beginning; positive, at least one.</param>
public sealed record DriftPhase(int Requests, IReadOnlyDictionary<string, double> Domains)
{
    /// <summary>Weights at its end, between which and those at its beginning the mix moves evenly; null leaves it as it is.</summary>
    public IReadOnlyDictionary<string, double>? DomainsAtEnd { get; init; }

    /// <summary>Whose traffic it is; null gives every domain a namespace of its own.</summary>
    public string? Namespace { get; init; }

    /// <summary>What its senders ask of the service.</summary>
    public RequestClass Class { get; init; }

    /// <summary>Requests a second, positive; without meaning where all arrive at once.</summary>
    public double RatePerSecond { get; init; } = 1;

    /// <summary>Temperature that requests ask for, 0 for greedy: what a live replay samples with.</summary>
    public float Temperature { get; init; }

    /// <summary>
    /// Part of the completions' words, 0 to 1, that random ones take the place of: what a temperature or an adversary does to text, for recorded
    /// replay.
    /// </summary>
    public double Noise { get; init; }

    /// <summary>Requests of a session: each begins with all of the session before it. 1 for requests on their own.</summary>
    public int Turns { get; init; } = 1;

    /// <summary>Part of a session's later requests, 0 to 1, that ask once more for something it has asked for already.</summary>
    public double Repeat { get; init; }
}
