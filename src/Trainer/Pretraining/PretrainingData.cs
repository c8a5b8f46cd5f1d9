namespace Atlas.Trainer.Pretraining;

/// <summary>What a run learns from and is measured by.</summary>
/// <param name="Training">Documents to learn from.</param>
/// <param name="HeldOut">Documents that are never learned from; null measures nothing.</param>
public sealed record PretrainingData(IDocumentSource Training, IDocumentSource? HeldOut);
