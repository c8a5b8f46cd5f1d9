using Atlas.Modeling.Training;
using Atlas.Trainer.Online;

namespace Atlas.Host.Speculation;

/// <summary>Heads over the hidden states of a target that runs elsewhere.</summary>
/// <param name="Factory">Makes them.</param>
/// <param name="Base">What every namespace begins with; null for untrained weights, with which nothing is drafted.</param>
/// <param name="Fingerprint">Identifies the target's embedding and output rows.</param>
internal sealed record StateHeads(IHeadFactory Factory, LearnedWeights? Base, string Fingerprint);
