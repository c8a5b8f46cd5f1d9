using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>A way to draft from a target's hidden states, to be compared with others on the same traffic.</summary>
internal interface IHeadCandidate : IDisposable
{
    /// <summary>Weights that a draft token reads, output rows included.</summary>
    long Weights { get; }

    /// <summary>Chooses the tokens it drafts among.</summary>
    void SetHotVocabulary(ReadOnlySpan<int> tokens);

    /// <summary>Learns from a batch and applies the update.</summary>
    void Learn(ReadOnlySpan<HeadExample> batch, AdamWStep step);

    /// <summary>Gets ready to draft with what was learned; in service another thread does this.</summary>
    /// <param name="states">Any states.</param>
    void Prepare(IHiddenStates states);

    /// <summary>Drafts a chain behind a token, greedily.</summary>
    /// <param name="states">Holds the state that the token was drawn from.</param>
    /// <param name="row">Where.</param>
    /// <param name="token">The token.</param>
    /// <param name="chain">Filled.</param>
    void Draft(IHiddenStates states, int row, int token, Span<int> chain);
}
