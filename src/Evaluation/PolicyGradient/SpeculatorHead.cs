using Atlas.Trainer.Online;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>What the learned speculator of a strategy has published for a domain.</summary>
/// <param name="Strategy">Whose it is; that of a twin on the simulated machine begins with <c>simulated-</c>, that of a head on the text alone ends with <c>-text</c>.</param>
/// <param name="Domain">The namespace.</param>
/// <param name="Weights">Weights and hot vocabulary.</param>
public sealed record SpeculatorHead(string Strategy, string Domain, LearnedWeights Weights);
