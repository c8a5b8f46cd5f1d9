namespace Atlas.Modeling.Training;

/// <summary>What an optimizer update did.</summary>
/// <param name="GradientNorm">Euclidean norm of the accumulated gradient before clipping.</param>
/// <param name="Applied">False when the gradient was not finite: weights, moments and update count are then unchanged.</param>
public sealed record UpdateReport(double GradientNorm, bool Applied);
