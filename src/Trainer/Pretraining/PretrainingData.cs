namespace Atlas.Trainer.Pretraining;

/// <summary>What a run learns from and is measured by.</summary>
/// <param name="Training">Documents to learn from.</param>
/// <param name="HeldOut">Documents that are never learned from, by kind; empty measures nothing.</param>
public sealed record PretrainingData(IDocumentSource Training, IReadOnlyList<HeldOutSet> HeldOut);
