namespace Atlas.Trainer.Pretraining;

/// <summary>Where a run stands after a step.</summary>
/// <param name="Step">Steps made, those before an interruption included.</param>
/// <param name="Tokens">Positions trained on.</param>
/// <param name="Fraction">Part of the budget that is used, 0 to 1.</param>
/// <param name="Loss">Weighted mean negative log-probability of this step's targets, in nats.</param>
/// <param name="HeldOut">The same on held-out documents at the last evaluation; null before the first.</param>
/// <param name="TokensPerSecond">Positions per second of training time since this process began or resumed the run.</param>
/// <param name="TimeLeft">Time to the end of the budget at that pace.</param>
/// <param name="LearningRate">Rate of this step.</param>
/// <param name="GradientNorm">Norm of this step's gradient before clipping; not finite where the step was skipped.</param>
public sealed record PretrainingProgress(
    long Step,
    long Tokens,
    double Fraction,
    double Loss,
    HeldOutLosses? HeldOut,
    double TokensPerSecond,
    TimeSpan TimeLeft,
    double LearningRate,
    double GradientNorm);
