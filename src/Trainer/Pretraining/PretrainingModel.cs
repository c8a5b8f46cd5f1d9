using Atlas.Modeling;

namespace Atlas.Trainer.Pretraining;

/// <summary>What a run begins with.</summary>
/// <param name="Config">Shape of the decoder.</param>
/// <param name="Seed">Seed of random weights.</param>
/// <param name="Initial">Weights to begin from; null draws them from the seed.</param>
public sealed record PretrainingModel(ModelConfig Config, ulong Seed, IWeightSource? Initial = null);
