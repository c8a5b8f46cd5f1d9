using Atlas.Evaluation.Rollouts;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>What a run is composed of; all of it stays the caller's to dispose.</summary>
public sealed record PolicyRunParts
{
    /// <summary>What the run does.</summary>
    public required PolicyRunConfig Config { get; init; }

    /// <summary>Identifies the start policy, and how the serving engine keeps its weights.</summary>
    public required string Start { get; init; }

    /// <summary>The tasks.</summary>
    public required PolicyTasks Tasks { get; init; }

    /// <summary>Learns.</summary>
    public required PolicyLearner Learner { get; init; }

    /// <summary>The serving engine's decoder, which all strategies draw from; its weights are the learner's present ones.</summary>
    public required IDecoder Serving { get; init; }

    /// <summary>The strategies, plain decoding first; their sequences fit the serving decoder at every batch size of the configuration.</summary>
    public required IReadOnlyList<RolloutStrategy> Strategies { get; init; }

    /// <summary>The machine that steps are priced for; null prices none.</summary>
    public MachineTable? Machine { get; init; }

    /// <summary>The strategies that are priced, on clocks of that machine; plain decoding is priced without being run.</summary>
    public IReadOnlyList<RolloutStrategy> Simulated { get; init; } = [];

    /// <summary>Keeps the run; null keeps nothing.</summary>
    public PolicyCheckpoints? Checkpoints { get; init; }
}
