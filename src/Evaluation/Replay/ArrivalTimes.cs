namespace Atlas.Evaluation.Replay;

/// <summary>How arrival times of a trace are honoured.</summary>
/// <param name="Scale">What they are multiplied with: 1 for as they were, 0.5 for twice the load. Positive.</param>
/// <param name="Places">Most requests that are decoded at once; others wait in the order of their arrival. At least 1.</param>
public sealed record ArrivalTimes(double Scale, int Places);
