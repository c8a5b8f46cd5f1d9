namespace Atlas.Trainer.Pretraining;

/// <summary>
/// The learning rate over a run. Linear warm-up, then either half a cosine from the highest rate to the final one (SGDR without restarts,
/// arXiv 1608.03983), or, where <see cref="PretrainingOptions.DecayFraction"/> is set, the highest rate up to the last part of the budget and
/// there 1 minus the root of the part's used share (warmup-stable-decay; the shape after Hägele et al., arXiv 2405.18392).
/// </summary>
internal static class LearningRateSchedule
{
    /// <summary>The rate of step <paramref name="step"/> (from 0) when <paramref name="used"/> of the budget is behind it.</summary>
    public static double At(PretrainingOptions options, long step, double used)
    {
        double warm = options.WarmupSteps == 0 ? 1 : Math.Min(1, (step + 1.0) / options.WarmupSteps);
        double height = options.DecayFraction > 0 ? Decay(options, used) : 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, used)));
        return options.LearningRate * warm * (options.FinalFraction + (1 - options.FinalFraction) * height);
    }

    /// <summary>
    /// Whether the rate does not depend on the budget yet: always false for a cosine, which falls from its first step.
    /// </summary>
    public static bool IsStable(PretrainingOptions options, double used) => options.DecayFraction > 0 && used <= 1 - options.DecayFraction;

    private static double Decay(PretrainingOptions options, double used) =>
        IsStable(options, used) ? 1 : 1 - Math.Sqrt(Math.Min(1, (used - 1 + options.DecayFraction) / options.DecayFraction));
}
