using Atlas.Host.Models;
using Atlas.Modeling;
using Atlas.Trainer.Online;

namespace Atlas.Host.Speculation;

/// <summary>Weights that learned speculators begin with.</summary>
/// <param name="States">Of heads on the target's hidden states; null for untrained ones, with which nothing is drafted.</param>
/// <param name="Text">Of heads on the text alone; null for untrained ones, which copy.</param>
internal sealed record LearnedBases(LearnedWeights? States, LearnedWeights? Text)
{
    /// <summary>Untrained weights.</summary>
    public static LearnedBases None { get; } = new(null, null);

    /// <summary>What lies beside a target (<see cref="HeadFile"/>).</summary>
    /// <exception cref="CheckpointException">It is damaged, or belongs to another target.</exception>
    public static LearnedBases ShippedWith(ModelPair pair) =>
        new(HeadFile.Read(pair.TargetDirectory, pair.LearningFingerprint, pair.Config.VocabularySize), null);

    /// <summary>What a stack has published for a namespace.</summary>
    public static LearnedBases Of(StackTrainers trainers, string name) => new(trainers.States?.Published(name), trainers.Text?.Published(name));
}
