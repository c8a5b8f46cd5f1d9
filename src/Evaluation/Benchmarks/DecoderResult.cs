using Atlas.Modeling;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>What was measured of the decoder in one weight format.</summary>
/// <param name="Format">How it keeps its matrices.</param>
/// <param name="Steps">Steps of 1, 2, 4, 8 and 16 rows (<see cref="BenchmarkOptions.StepRows"/>), LM head and sampling included.</param>
/// <param name="Prompt">Reading a prompt of <see cref="BenchmarkOptions.PromptRows"/> tokens in one forward.</param>
public sealed record DecoderResult(WeightFormat Format, IReadOnlyList<PhaseResult> Steps, PhaseResult Prompt)
{
    /// <summary>The plain step: one row.</summary>
    public PhaseResult Plain => Steps[0];

    /// <summary>How much longer a step takes than a plain one, round by round.</summary>
    public RoundSeries CostOf(PhaseResult step) => step.Seconds.Over(Plain.Seconds);
}
