using Atlas.Modeling.Engine;

namespace Atlas.Modeling.Training;

/// <summary>
/// A learned speculator's head: over the target's hidden states, on the target's device, or over tokens alone, where a state is the text before
/// a token (<see cref="TokenHeadConfig"/>). It drafts and it learns. Deterministic. Called from one thread at a time; a
/// trainer works on a head of its own and hands weights over through <see cref="ExportWeights"/> and <see cref="ImportWeights"/>.
/// </summary>
public interface ITrainableHead : IDisposable
{
    /// <summary>Most rows in one forward.</summary>
    int MaxRows { get; }

    /// <summary>Whether it proposes among a hot vocabulary only, which must then be chosen before it drafts or learns.</summary>
    bool NeedsHotVocabulary { get; }

    /// <summary>Tokens it can propose, ascending; empty where it needs no such choice.</summary>
    ReadOnlySpan<int> HotVocabulary { get; }

    /// <summary>Chooses the tokens it can propose: the target's output rows of these ids are gathered.</summary>
    void SetHotVocabulary(ReadOnlySpan<int> tokens);

    /// <summary>Forgets the states of earlier forwards: a new draft begins.</summary>
    void BeginDraft();

    /// <summary>
    /// Advances each row by one token. Results name rows by their index; tokens are full ids. The result's hidden states stay valid until
    /// <see cref="BeginDraft"/>, so the next forward can start from them.
    /// </summary>
    IForwardResult Forward(ReadOnlySpan<HeadRow> rows);

    /// <summary>
    /// Begins what <see cref="HeadLearning.Accumulate"/> does; <see cref="Continue"/> does it piece by piece, so that a trainer can work between the steps
    /// of decoding. Until it is done the head may neither draft nor change.
    /// </summary>
    void BeginAccumulate(ReadOnlySpan<HeadExample> examples);

    /// <summary>Begins what <see cref="HeadLearning.Update"/> does, to be done piece by piece like <see cref="BeginAccumulate"/>.</summary>
    void BeginUpdate(AdamWStep step);

    /// <summary>Does one piece of what was begun last; returns whether more is left.</summary>
    bool Continue();

    /// <summary>Loss of the last examples whose gradient was accumulated.</summary>
    double LastLoss { get; }

    /// <summary>What the last update did.</summary>
    UpdateReport LastUpdate { get; }

    /// <summary>Writes the weights.</summary>
    void ExportWeights(IWeightSink sink);

    /// <summary>Replaces the weights by exported ones of the same shape.</summary>
    void ImportWeights(IWeightSource source);

    /// <summary>Writes the optimizer's moments.</summary>
    void ExportOptimizer(IWeightSink sink);

    /// <summary>Takes back what <see cref="ExportOptimizer"/> wrote, and the update count it belongs to.</summary>
    void ImportOptimizer(IWeightSource source, long updateCount);
}
