namespace Atlas.Trainer.Pretraining;

/// <summary>A place in a stream of documents.</summary>
/// <param name="Document">Index of the next document.</param>
/// <param name="Offset">Positions of it that earlier batches have had.</param>
public readonly record struct DocumentCursor(long Document, int Offset);
