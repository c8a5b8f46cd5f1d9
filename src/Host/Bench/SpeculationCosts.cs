using Atlas.Evaluation.Benchmarks;

namespace Atlas.Host.Bench;

/// <summary>What speculation itself costs.</summary>
/// <param name="Controller">The controller.</param>
/// <param name="Suffix">The suffix speculator; null where it was left out.</param>
/// <param name="Learned">The learned speculator; null where the engine trains no heads.</param>
internal sealed record SpeculationCosts(ControllerBenchmarkResult Controller, SuffixCost? Suffix, LearnedCost? Learned);
