using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Trainer.Online;

/// <summary>The target that a trainer teaches heads to follow.</summary>
public sealed record TrainedTarget
{
    /// <summary>A target whose hidden states heads start from.</summary>
    /// <param name="engine">Where heads run; that of the target.</param>
    /// <param name="decoder">The target's weights.</param>
    /// <param name="rows">Where its last forward's states are.</param>
    /// <param name="maxDraftNodes">Most draft nodes of a sequence in one step.</param>
    /// <param name="fingerprint">Identifies its weights; checkpoints are bound to it.</param>
    /// <param name="head">Shape of the heads.</param>
    public TrainedTarget(IComputeEngine engine, IDecoder decoder, ITargetRows rows, int maxDraftNodes, string fingerprint, HeadConfig head)
    {
        Heads = new TargetHeads(engine, decoder, head);
        Source = new TargetVerification(rows);
        MaxDraftNodes = maxDraftNodes;
        Fingerprint = fingerprint;
    }

    /// <summary>A target of which nothing is known but the tokens, and perhaps what its server says of their probabilities.</summary>
    /// <param name="heads">Heads over tokens alone.</param>
    /// <param name="feedback">What the server says; null where it says nothing.</param>
    /// <param name="maxDraftNodes">Most draft nodes of a sequence in one step.</param>
    /// <param name="fingerprint">Identifies the target; checkpoints are bound to it.</param>
    public TrainedTarget(IHeadFactory heads, ITokenFeedback? feedback, int maxDraftNodes, string fingerprint)
        : this(heads, new TextEmittedStates(heads.StateWidth), feedback, maxDraftNodes, fingerprint) { }

    /// <summary>A target that runs elsewhere, of which is known what its server says of each emitted token.</summary>
    /// <param name="heads">Heads over such states.</param>
    /// <param name="states">What the emitted tokens were drawn from.</param>
    /// <param name="feedback">What the server says of probabilities; null where it says nothing.</param>
    /// <param name="maxDraftNodes">Most draft nodes of a sequence in one step.</param>
    /// <param name="fingerprint">Identifies the target; checkpoints are bound to it.</param>
    public TrainedTarget(IHeadFactory heads, IEmittedStates states, ITokenFeedback? feedback, int maxDraftNodes, string fingerprint)
    {
        Heads = heads;
        Source = new ReportedVerification(states, feedback);
        MaxDraftNodes = maxDraftNodes;
        Fingerprint = fingerprint;
    }

    /// <summary>Makes heads.</summary>
    public IHeadFactory Heads { get; }

    /// <summary>Most draft nodes of a sequence in one step.</summary>
    public int MaxDraftNodes { get; }

    /// <summary>Identifies the target's weights; checkpoints are bound to it.</summary>
    public string Fingerprint { get; init; }

    /// <summary>Name of the speculator that drafts with these heads: what it drafted is watched live.</summary>
    public string SpeculatorName { get; init; } = LearnedSpeculator.SpeculatorName;

    /// <summary>What every namespace begins with; null begins with untrained weights, of which nothing is published.</summary>
    public LearnedWeights? Base { get; init; }

    /// <summary>Where states and probabilities of verified rows come from.</summary>
    internal IVerificationSource Source { get; }

    /// <summary>This target, where every namespace begins with an untrained head. One over tokens alone copies from the start.</summary>
    public TrainedTarget WithUntrainedBase()
    {
        using var head = Heads.Create(null, 0);
        return this with { Base = LearnedWeights.Of(head, 0, 0) };
    }

    /// <summary>A new head.</summary>
    /// <param name="initial">Its weights; null gives untrained ones.</param>
    /// <param name="seed">Seed of those.</param>
    internal ITrainableHead NewHead(IWeightSource? initial, ulong seed) => Heads.Create(initial, seed);

    /// <summary>A head with weights and hot vocabulary in place, ready to draft.</summary>
    internal ITrainableHead NewHead(LearnedWeights weights)
    {
        var head = NewHead(weights.Weights, 0);
        // This packs the weights too, so that the first draft need not.
        if (weights.HotVocabulary.Length > 0) head.SetHotVocabulary(weights.HotVocabulary);
        return head;
    }
}
