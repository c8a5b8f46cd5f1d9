using Atlas.Trainer.Online;

namespace Atlas.Host.Speculation;

/// <summary>Weights that learned speculators begin with.</summary>
/// <param name="States">Of heads on the target's hidden states; null for untrained ones, with which nothing is drafted.</param>
/// <param name="Text">Of heads on the text alone; null for untrained ones, which copy.</param>
internal sealed record LearnedBases(LearnedWeights? States, LearnedWeights? Text)
{
    /// <summary>What a stack has published for a namespace.</summary>
    public static LearnedBases Of(StackTrainers trainers, string name) => new(trainers.States?.Published(name), trainers.Text?.Published(name));
}
