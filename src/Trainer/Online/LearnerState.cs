namespace Atlas.Trainer.Online;

/// <summary>What a learner's checkpoint says beside its tensors.</summary>
/// <param name="Namespace">Whose it is.</param>
/// <param name="Fingerprint">The target's weights that it learned from.</param>
/// <param name="Version">Number of the published version.</param>
/// <param name="ShadowScore">Acceptance length that let it be published.</param>
/// <param name="Updates">Optimizer updates applied.</param>
/// <param name="HotVocabulary">Tokens of the published version.</param>
internal sealed record LearnerState(string Namespace, string Fingerprint, long Version, double ShadowScore, long Updates, int[] HotVocabulary);
