namespace Atlas.Host.Demo;

/// <summary>What serving with the trainer on takes over serving with it off, both drafting with the same weights at first.</summary>
/// <param name="Steps">Steps of each of the two.</param>
/// <param name="GoodputRatio">Goodput on over off.</param>
/// <param name="P99StepRatio">The 99th percentile of a step's time, on over off.</param>
internal sealed record TrainerOverheadResult(int Steps, double GoodputRatio, double P99StepRatio);
