using Atlas.Core.Decoding;

namespace Atlas.Engine;

/// <summary>Reports how long another speculator drafts. Changes nothing else.</summary>
/// <param name="inner">Who drafts.</param>
/// <param name="index">Its index in the merged draft; 0 where it drafts alone.</param>
/// <param name="timings">Who hears of it.</param>
/// <param name="clock">What time it is.</param>
public sealed class TimedSpeculator(ISpeculator inner, int index, IStepTimings timings, TimeProvider clock) : ISpeculator
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        long start = clock.GetTimestamp();
        inner.Propose(batch);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;
        int sequences = 0, levels = 0, tokens = 0;
        foreach (var sequence in batch)
        {
            if (sequence.Budget.Depth > 0) sequences++;
            levels = Math.Max(levels, sequence.Draft.Depth);
            tokens += sequence.Draft.Count;
        }
        if (sequences > 0) timings.OnDrafted(new DraftTiming(index, sequences, levels, tokens, seconds));
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence) => inner.Release(sequence);
}
