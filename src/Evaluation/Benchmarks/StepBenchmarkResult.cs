using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>Everything that a run of <see cref="StepBenchmark"/> measured; figures are by round.</summary>
public sealed record StepBenchmarkResult
{
    /// <summary>What it ran on.</summary>
    public required EngineInfo Engine { get; init; }

    /// <summary>What was asked for.</summary>
    public required StepBenchmarkOptions Options { get; init; }

    /// <summary>Limits of the device.</summary>
    public required LimitSeries Limits { get; init; }

    /// <summary>The target's forwards: for each batch all row counts; one sequence with one row first, the plain step.</summary>
    public required IReadOnlyList<BatchForward> Forwards { get; init; }

    /// <summary>A draft model's step: one sequence, one row, the draw included.</summary>
    public required PhaseResult DraftStep { get; init; }

    /// <summary>Seconds of a whole speculative step of one sequence: drafting, verification, and all between them.</summary>
    public required RoundSeries Step { get; init; }

    /// <summary>Share of it that is neither a forward nor a draw from one.</summary>
    public required RoundSeries StepOverhead { get; init; }

    /// <summary>The learned speculator on this target; null where the engine trains no heads.</summary>
    public required LearnedCost? Learned { get; init; }

    /// <summary>The plain step.</summary>
    public BatchForward Plain => Forwards[0];

    /// <summary>The draft step over the plain one.</summary>
    public RoundSeries DraftFraction => DraftStep.Seconds.Over(Plain.Phase.Seconds);

    /// <summary>A forward over the same batch's forward of one row each.</summary>
    public RoundSeries CostOf(BatchForward forward) =>
        forward.Phase.Seconds.Over(Forwards.First(plain => plain.Sequences == forward.Sequences && plain.RowsEach == 1).Phase.Seconds);

    /// <summary>
    /// What the measured step gains over plain decoding, computed, if each draft token whose parent is right is right with some probability:
    /// the expected tokens of a chain (Leviathan et al., arXiv 2211.17192, equation 1) times a plain step's time, over the step's.
    /// </summary>
    public double SpeedupAt(double acceptance)
    {
        double tokens = 0, reached = 1;
        for (int i = 0; i <= Options.Lookahead; i++, reached *= acceptance) tokens += reached;
        return tokens * Plain.Phase.Seconds.Median / Step.Median;
    }

    /// <summary>Rows and median seconds of the forwards, rows rising from 1; of equal row counts the slowest.</summary>
    public IReadOnlyList<(int Rows, double Seconds)> Latency =>
        [.. Forwards.GroupBy(f => f.Rows).OrderBy(g => g.Key).Select(g => (g.Key, g.Max(f => f.Phase.Seconds.Median)))];
}
