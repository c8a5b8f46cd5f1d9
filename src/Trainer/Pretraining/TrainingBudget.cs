namespace Atlas.Trainer.Pretraining;

/// <summary>How long to train.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Amount">How many; positive. The step that reaches it is the last.</param>
public sealed record TrainingBudget(BudgetUnit Unit, double Amount)
{
    /// <summary>Part of the budget that is used, 0 to 1.</summary>
    public double Used(long steps, long tokens, TimeSpan elapsed) => Math.Min(1, Unit switch
    {
        BudgetUnit.Steps => steps,
        BudgetUnit.Tokens => tokens,
        _ => elapsed.TotalMinutes,
    } / Amount);
}
