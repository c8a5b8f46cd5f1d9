namespace Atlas.Modeling.Engine;

/// <summary>The rows of one sequence in a plan.</summary>
/// <param name="Sequence">Whose they are.</param>
/// <param name="FirstRow">Index of its first row in the plan.</param>
/// <param name="Count">How many.</param>
public readonly record struct PlanSegment(IDecoderSequence Sequence, int FirstRow, int Count);
