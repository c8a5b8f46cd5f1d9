namespace Atlas.Trainer.Pretraining;

/// <summary>One evaluation on held-out documents: weighted mean negative log-probability, in nats.</summary>
/// <param name="All">Over the documents of all sets together.</param>
/// <param name="Sets">For each set by its name.</param>
public sealed record HeldOutLosses(double All, IReadOnlyDictionary<string, double> Sets);
