namespace Atlas.Trainer.Pretraining;

/// <summary>What a training run's length is measured in.</summary>
public enum BudgetUnit
{
    /// <summary>Optimizer steps; reproducible.</summary>
    Steps,

    /// <summary>Positions trained on; reproducible.</summary>
    Tokens,

    /// <summary>Minutes of training time, interruptions not counted. The schedule then follows the clock: such a run is not reproducible.</summary>
    Minutes,
}
