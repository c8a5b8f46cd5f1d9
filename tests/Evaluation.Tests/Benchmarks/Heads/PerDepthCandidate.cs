using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>
/// No state is fed forward: every depth starts from the target's own state and the draft token before it, with a head of its own for each depth
/// (Hydra, arXiv 2402.05109, after Medusa, arXiv 2401.10774) or one for all.
/// </summary>
/// <param name="engine">Where heads run.</param>
/// <param name="target">The target.</param>
/// <param name="config">Shape of each head.</param>
/// <param name="depths">Heads; a deeper draft token is drafted by the last.</param>
internal sealed class PerDepthCandidate(IComputeEngine engine, IDecoder target, HeadConfig config, int depths) : IHeadCandidate
{
    private readonly ITrainableHead[] _heads =
        [.. Enumerable.Range(0, depths).Select(i => engine.CreateTrainableHead(config, target, null, 1 + (ulong)i))];

    private readonly List<HeadExample> _batch = [];
    private readonly SampledToken[] _best = new SampledToken[1];

    /// <inheritdoc/>
    public long Weights => 6L * target.Config.HiddenSize * config.IntermediateSize + (long)target.Config.HiddenSize * config.HotVocabularySize;

    /// <inheritdoc/>
    public void SetHotVocabulary(ReadOnlySpan<int> tokens)
    {
        foreach (var head in _heads) head.SetHotVocabulary(tokens);
    }

    /// <inheritdoc/>
    public void Learn(ReadOnlySpan<HeadExample> batch, AdamWStep step)
    {
        for (int i = 0; i < _heads.Length; i++)
        {
            _batch.Clear();
            foreach (var example in batch)
                for (int depth = i; depth < example.Tokens.Length && (depth == i || i == _heads.Length - 1); depth++)
                    _batch.Add(Part(example, depth));
            _heads[i].Accumulate(_batch.ToArray());
            _heads[i].Update(step);
        }
    }

    /// <inheritdoc/>
    public void Prepare(IHiddenStates states)
    {
        foreach (var head in _heads)
        {
            head.BeginDraft();
            head.Forward([new HeadRow(states, 0, 0)]);
        }
    }

    /// <inheritdoc/>
    public void Draft(IHiddenStates states, int row, int token, Span<int> chain)
    {
        for (int depth = 0; depth < chain.Length; depth++)
        {
            var head = _heads[Math.Min(depth, _heads.Length - 1)];
            head.BeginDraft();
            head.Forward([new HeadRow(states, row, token)]).TopK([0], 1, _best);
            chain[depth] = token = _best[0].Token;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var head in _heads) head.Dispose();
    }

    private static HeadExample Part(HeadExample example, int depth)
    {
        int k = RecordedCompletion.TopK;
        return new HeadExample(
            example.State, example.StateRow, [example.Tokens[depth]], example.TopTokens[(depth * k)..((depth + 1) * k)],
            example.TopProbabilities[(depth * k)..((depth + 1) * k)]);
    }
}
