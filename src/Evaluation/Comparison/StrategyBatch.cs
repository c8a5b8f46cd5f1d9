using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Comparison;

/// <summary>The requests that one strategy decodes at once: they join between two steps and leave as they end. Used from the decoding thread.</summary>
/// <param name="strategy">Who decodes.</param>
/// <param name="places">Most at once.</param>
internal sealed class StrategyBatch(Strategy strategy, int places)
{
    private readonly List<DecodeSequence> _live = [];
    private DecodeSequence[] _step = [];

    /// <summary>Those that are being decoded.</summary>
    public IReadOnlyList<DecodeSequence> Live => _live;

    /// <summary>Whether one more may join.</summary>
    public bool HasPlace => _live.Count < places;

    /// <summary>Takes a sequence in.</summary>
    public void Join(DecodeSequence sequence) => _live.Add(sequence);

    /// <summary>One step over all of them, and what the strategy does behind a step.</summary>
    public void Step()
    {
        if (_step.Length != _live.Count) _step = new DecodeSequence[_live.Count];
        _live.CopyTo(_step);
        strategy.Decoder.Step(_step);
        strategy.Work?.AfterStep();
    }

    /// <summary>Lets go of those that have ended.</summary>
    public void RemoveEnded()
    {
        foreach (var sequence in _live)
            if (sequence.Finish is not null)
                strategy.Decoder.Release(sequence);
        _live.RemoveAll(sequence => sequence.Finish is not null);
    }
}
