using Atlas.Evaluation.Comparison;
using Atlas.Target;
using Atlas.Trainer.Online;

namespace Atlas.Evaluation.Rollouts;

/// <summary>A way to draw rollouts. All that are compared share the policy's serving weights and nothing else.</summary>
/// <param name="Strategy">Decodes, and learns beside it.</param>
/// <param name="Target">The target that it verifies with; samples of one prompt begin with a copy of its rows.</param>
public sealed record RolloutStrategy(Strategy Strategy, TargetModel Target)
{
    /// <summary>As reported.</summary>
    public string Name => Strategy.Name;

    /// <summary>What learns from the target's hidden states and must hear of new weights; null where nothing does.</summary>
    public OnlineTrainer? Trainer { get; init; }

    /// <summary>What learns from its text alone, which stays true whatever the weights; null where nothing does.</summary>
    public OnlineTrainer? TextTrainer { get; init; }

    /// <summary>Seconds that learning has taken of its time so far.</summary>
    internal double LearningSeconds => (Trainer?.Statistics.TurnSeconds ?? 0) + (TextTrainer?.Statistics.TurnSeconds ?? 0);

    /// <summary>Where its time is read: real time, or that of a simulated machine.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
