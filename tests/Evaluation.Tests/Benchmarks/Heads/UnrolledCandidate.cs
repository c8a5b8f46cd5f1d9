using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>The shipped head: each draft token from the head's own state behind the one before (EAGLE, arXiv 2401.15077).</summary>
internal sealed class UnrolledCandidate(IComputeEngine engine, IDecoder target, HeadConfig config) : IHeadCandidate
{
    private readonly ITrainableHead _head = engine.CreateTrainableHead(config, target, null, 1);
    private readonly SampledToken[] _best = new SampledToken[1];

    /// <inheritdoc/>
    public long Weights => 6L * target.Config.HiddenSize * config.IntermediateSize + (long)target.Config.HiddenSize * config.HotVocabularySize;

    /// <inheritdoc/>
    public void SetHotVocabulary(ReadOnlySpan<int> tokens) => _head.SetHotVocabulary(tokens);

    /// <inheritdoc/>
    public void Learn(ReadOnlySpan<HeadExample> batch, AdamWStep step)
    {
        _head.Accumulate(batch);
        _head.Update(step);
    }

    /// <inheritdoc/>
    public void Prepare(IHiddenStates states)
    {
        // The first forward packs what has changed.
        _head.BeginDraft();
        _head.Forward([new HeadRow(states, 0, 0)]);
    }

    /// <inheritdoc/>
    public void Draft(IHiddenStates states, int row, int token, Span<int> chain)
    {
        _head.BeginDraft();
        foreach (ref int next in chain)
        {
            var result = _head.Forward([new HeadRow(states, row, token)]);
            result.TopK([0], 1, _best);
            (states, row, token) = (result.Hidden, 0, _best[0].Token);
            next = token;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _head.Dispose();
}
