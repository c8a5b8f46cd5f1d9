namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// A further check of a checkpoint directory, such as of its tokenizer. Returns its findings, one line each; a
/// <see cref="CheckpointException"/> that it throws counts as one.
/// </summary>
/// <param name="directory">The directory; it exists.</param>
/// <param name="config">The model's shape, null where <c>config.json</c> has faults.</param>
public delegate IEnumerable<string> CheckpointCheck(string directory, ModelConfig? config);
