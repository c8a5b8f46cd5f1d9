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

    /// <summary>What learns from its rollouts and must hear of new weights; null where nothing learns.</summary>
    public OnlineTrainer? Trainer { get; init; }

    /// <summary>Where its time is read: real time, or that of a simulated machine.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
