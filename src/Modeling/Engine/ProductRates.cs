namespace Atlas.Modeling.Engine;

/// <summary>
/// How fast a linear layer y = x W' trains in f32, in GFLOP/s: its three products do the same number of multiply-adds, each counted as two
/// operations.
/// </summary>
/// <param name="Forward">y = x W'.</param>
/// <param name="WeightGradient">dW += dy' x.</param>
/// <param name="InputGradient">dx = dy W.</param>
public sealed record ProductRates(double Forward, double WeightGradient, double InputGradient);
