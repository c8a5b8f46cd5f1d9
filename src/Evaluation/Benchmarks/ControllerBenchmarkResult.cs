namespace Atlas.Evaluation.Benchmarks;

/// <summary>What <see cref="ControllerBenchmark"/> measured.</summary>
/// <param name="MicrosecondsPerDecision">
/// Median over rounds of the controller's time per sequence and step: planning, calibrating and selecting nodes, judging drafts and learning.
/// </param>
/// <param name="AllocatedBytesPerDecision">Managed bytes per sequence and step after the first round; 0 is what is promised.</param>
/// <param name="NodesPerDecision">Draft nodes that competed, per sequence and step.</param>
public sealed record ControllerBenchmarkResult(double MicrosecondsPerDecision, double AllocatedBytesPerDecision, double NodesPerDecision);
