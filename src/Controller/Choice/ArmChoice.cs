namespace Atlas.Controller.Choice;

/// <summary>
/// Hedge over sets of speculators (Freund and Schapire 1997; discounted for drift as in Cesa-Bianchi and Lugosi 2006, section 2.11): the
/// probability of an arm falls exponentially with its loss, the predicted time per emitted token in plain steps. Pure functions.
/// </summary>
internal static class ArmChoice
{
    /// <summary>The probabilities of the arms.</summary>
    /// <param name="losses">One per arm.</param>
    /// <param name="sharpness">Learning rate times discount window: how much one unit of mean loss weighs.</param>
    /// <param name="probabilities">Filled, one per arm; they add up to 1.</param>
    public static void Weigh(ReadOnlySpan<double> losses, double sharpness, Span<double> probabilities)
    {
        double least = double.MaxValue, sum = 0;
        foreach (double loss in losses) least = Math.Min(least, loss);
        for (int arm = 0; arm < losses.Length; arm++) sum += probabilities[arm] = Math.Exp(-sharpness * (losses[arm] - least));
        for (int arm = 0; arm < losses.Length; arm++) probabilities[arm] /= sum;
    }

    /// <summary>Takes the arms out of the choice that hold any of some speculators.</summary>
    public static void Exclude(Span<double> losses, int speculators)
    {
        for (int arm = 1; arm < losses.Length; arm++)
            if ((arm & speculators) != 0)
                losses[arm] = double.PositiveInfinity;
    }

    /// <summary>Whether a speculator has much to read before it drafts: that takes it more than the drafting.</summary>
    public static bool ReadsFirst(double draftSeconds, double readSeconds) => readSeconds > draftSeconds;

    /// <summary>
    /// Asks speculators that have much to read as if one draw decided for the whole request. What reading costs is spread over all that is left of the
    /// request; drawn anew in every step, an arm of one in ten would have its text read in nearly every request and used in a tenth of the steps. So
    /// the probability to ask now is what is missing to that of having asked by now: over any steps they come to the highest of them. And it is
    /// sharpened: what an arm that is probably worse may teach is for trials, which are paid for.
    /// </summary>
    /// <param name="probabilities">Of the arms; those that ask such a speculator are scaled, and the others.</param>
    /// <param name="draftSeconds">What drafting takes each speculator.</param>
    /// <param name="readSeconds">What reading takes each speculator first; much is more than drafting.</param>
    /// <param name="declined">The highest probability with which such a speculator could have been asked in this request so far.</param>
    /// <returns>The highest probability now.</returns>
    public static double Commit(Span<double> probabilities, ReadOnlySpan<double> draftSeconds, ReadOnlySpan<double> readSeconds, double declined)
    {
        int readers = 0;
        for (int i = 0; i < readSeconds.Length; i++)
            if (ReadsFirst(draftSeconds[i], readSeconds[i]))
                readers |= 1 << i;
        double asked = 0;
        for (int arm = 1; arm < probabilities.Length; arm++)
            if ((arm & readers) != 0)
                asked += probabilities[arm];
        if (asked <= 0) return declined;
        double wanted = Sharpened(asked);
        double now = asked >= 1 ? 1 : wanted > declined ? (wanted - declined) / (1 - declined) : 0;
        double others = asked < 1 ? (1 - now) / (1 - asked) : 0;
        for (int arm = 0; arm < probabilities.Length; arm++) probabilities[arm] *= (arm & readers) != 0 ? now / asked : others;
        return Math.Max(declined, wanted);
    }

    // As if it had been weighed four times as sharply.
    private static double Sharpened(double probability)
    {
        double odds = Math.Pow(probability / (1 - probability), 4);
        return double.IsFinite(odds) ? odds / (1 + odds) : 1;
    }

    /// <summary>The arm drawn by a number in [0, 1).</summary>
    public static int Draw(ReadOnlySpan<double> probabilities, double uniform)
    {
        int arm = 0;
        while (arm < probabilities.Length - 1 && (uniform -= probabilities[arm]) >= 0) arm++;
        return arm;
    }

    /// <summary>
    /// The probability that an arm is observed: all of its speculators were invoked, by the arm that was drawn or, each by itself, to explore.
    /// </summary>
    /// <param name="probabilities">Of the arms.</param>
    /// <param name="exploration">Probability of each speculator to be invoked though the drawn arm lacks it.</param>
    /// <param name="observed">Filled, one per arm.</param>
    public static void Observe(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> exploration, Span<double> observed)
    {
        probabilities.CopyTo(observed);
        for (int speculator = 0; speculator < exploration.Length; speculator++)
            for (int arm = 0; arm < observed.Length; arm++)
            {
                if ((arm >> speculator & 1) == 0) continue;
                double explored = observed[arm & ~(1 << speculator)] * exploration[speculator];
                observed[arm] += explored;
                observed[arm & ~(1 << speculator)] -= explored;
            }
        // From the probability of exactly these to that of at least these.
        for (int speculator = 0; speculator < exploration.Length; speculator++)
            for (int arm = 0; arm < observed.Length; arm++)
                if ((arm >> speculator & 1) == 0)
                    observed[arm] += observed[arm | 1 << speculator];
    }
}
