namespace Atlas.Modeling;

/// <summary>Element type and shape of a stored tensor.</summary>
/// <param name="Type">Element type as stored.</param>
/// <param name="Shape">Outermost dimension first.</param>
public sealed record TensorInfo(WeightType Type, IReadOnlyList<int> Shape);
