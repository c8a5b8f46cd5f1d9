using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Replay;

/// <summary>A request of a trace that a target is to answer.</summary>
/// <param name="Request">What is decoded.</param>
/// <param name="ArrivalSeconds">When it comes, after the trace's start.</param>
public sealed record LiveRequest(EvaluationRequest Request, double ArrivalSeconds);
