namespace Atlas.Trainer.Pretraining;

/// <summary>Documents of one kind that are never learned from: the loss on them is reported under their name.</summary>
/// <param name="Name">Such as a workload's domain; distinct within a run.</param>
/// <param name="Documents">The documents; evaluations take the first ones.</param>
public sealed record HeldOutSet(string Name, IDocumentSource Documents);
