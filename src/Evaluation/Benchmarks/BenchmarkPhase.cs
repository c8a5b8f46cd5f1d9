namespace Atlas.Evaluation.Benchmarks;

/// <summary>Something that a benchmark does over and over and times.</summary>
/// <param name="Rows">Rows that it computes.</param>
/// <param name="Work">What it cannot avoid.</param>
/// <param name="Run">Does it once and leaves everything as it was.</param>
public sealed record BenchmarkPhase(int Rows, PhaseWork Work, Action Run);
