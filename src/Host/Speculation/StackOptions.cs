using Atlas.Core.Decoding;
using Atlas.Evaluation.Rollouts;
using Atlas.Trainer.Online;

namespace Atlas.Host.Speculation;

/// <summary>What may differ between stacks of one strategy: how it learns, and what it begins with.</summary>
internal sealed record StackOptions
{
    /// <summary>Speculators, by their names, that take no part; for ablations.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Whether the controller's guard stops speculation where it does not pay; off for ablations.</summary>
    public bool Guarded { get; init; } = true;

    /// <summary>Drafts with the choice's budget in every step, whatever the strategy; for measurements that no controller is to colour.</summary>
    public bool FixedBudget { get; init; }

    /// <summary>Whether the trainers learn; without it <see cref="Bases"/> are drafted with as they are.</summary>
    public bool Learns { get; init; } = true;

    /// <summary>Weights that the learned speculators begin with; null for those that lie beside the target, or untrained ones.</summary>
    public LearnedBases? Bases { get; init; }

    /// <summary>Puts a planner of the host's before the controller or the fixed budget; null leaves them alone.</summary>
    public Func<IPlanner, IPlanner>? Planning { get; init; }

    /// <summary>Puts something of the host's before each speculator; null leaves them alone. It keeps the speculator's name.</summary>
    public Func<ISpeculator, ISpeculator>? Drafting { get; init; }

    /// <summary>
    /// The machine on whose clock the stack runs: the controller decides by its times, and they pass whatever the parts really take. Null is this
    /// machine. Its speculators must be those of the strategy, in the order of their profiles.
    /// </summary>
    public SimulatedMachine? Machine { get; init; }

    /// <summary>How heads on hidden states are trained, and where what is learned is kept.</summary>
    public OnlineTrainerOptions Trainer { get; init; } = new();

    /// <summary>How heads on the text are trained; they are kept where those on hidden states are, in a folder of their own.</summary>
    public OnlineTrainerOptions TextTrainer { get; init; } = OnlineTrainerOptions.TokensAlone;
}
