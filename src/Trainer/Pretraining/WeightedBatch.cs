using Atlas.Modeling.Training;

namespace Atlas.Trainer.Pretraining;

/// <summary>Sequences to train on together.</summary>
/// <param name="Batch">Tokens and targets; targets of weight 0 are left out.</param>
/// <param name="Weights">Each position's weight, 0 where it has no target.</param>
internal sealed record WeightedBatch(TokenBatch Batch, float[] Weights)
{
    /// <summary>Sum of the weights.</summary>
    public double TotalWeight => Weights.Sum(w => (double)w);
}
