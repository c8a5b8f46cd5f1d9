namespace Atlas.Trainer.Online;

/// <summary>What a memory checkpoint says of itself.</summary>
/// <param name="Namespace">Whose it is.</param>
/// <param name="Fingerprint">The target and tokenizer that it belongs to.</param>
internal sealed record MemoryState(string Namespace, string Fingerprint);
