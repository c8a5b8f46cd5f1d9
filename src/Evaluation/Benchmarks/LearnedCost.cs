namespace Atlas.Evaluation.Benchmarks;

/// <summary>What the learned speculator costs beside its target. Times in microseconds, medians.</summary>
/// <param name="StepMicroseconds">A plain target step of one sequence, its token's draw included.</param>
/// <param name="MicrosecondsPerToken">A chain's drafting time over its tokens; the target's weights have passed through the caches before.</param>
/// <param name="WeightBytesPerToken">Bytes of weights that a drafted token reads.</param>
/// <param name="LearnMicrosecondsPerWindow">Forward and backward of a batch over its examples.</param>
/// <param name="UpdateMicroseconds">An optimizer update.</param>
/// <param name="PieceMicroseconds">99th percentile of a single piece of learning: how long a slice between two steps can be.</param>
public sealed record LearnedCost(
    double StepMicroseconds, double MicrosecondsPerToken, long WeightBytesPerToken, double LearnMicrosecondsPerWindow, double UpdateMicroseconds,
    double PieceMicroseconds)
{
    /// <summary>A drafted token's time over a target step's.</summary>
    public double StepFraction => MicrosecondsPerToken / StepMicroseconds;
}
