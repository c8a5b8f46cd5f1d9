namespace Atlas.Trainer.Pretraining;

/// <summary>Linear warm-up, then half a cosine from the highest rate to the final one (SGDR without restarts, arXiv 1608.03983).</summary>
internal static class LearningRateSchedule
{
    /// <summary>The rate of step <paramref name="step"/> (from 0) when <paramref name="used"/> of the budget is behind it.</summary>
    public static double At(PretrainingOptions options, long step, double used)
    {
        double warm = options.WarmupSteps == 0 ? 1 : Math.Min(1, (step + 1.0) / options.WarmupSteps);
        double cosine = 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, used)));
        return options.LearningRate * warm * (options.FinalFraction + (1 - options.FinalFraction) * cosine);
    }
}
