using Atlas.Core.Decoding;

namespace Atlas.Engine;

/// <summary>Reports how long another target's forwards take, and over how many rows. Changes nothing else.</summary>
/// <param name="inner">Who verifies.</param>
/// <param name="timings">Who hears of it.</param>
/// <param name="clock">What time it is.</param>
public sealed class TimedTarget(ITarget inner, IStepTimings timings, TimeProvider clock) : ITarget
{
    /// <inheritdoc/>
    public int MaxDraftNodes => inner.MaxDraftNodes;

    /// <inheritdoc/>
    public int ContextLength => inner.ContextLength;

    /// <inheritdoc/>
    public bool CanVerify(DecodeSequence sequence) => inner.CanVerify(sequence);

    /// <inheritdoc/>
    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch) => inner.RowsOf(batch);

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<DecodeSequence> batch)
    {
        var rows = inner.RowsOf(batch);
        long start = clock.GetTimestamp();
        inner.Verify(batch);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;
        int nodes = 0;
        double context = 0;
        foreach (var sequence in batch)
        {
            nodes += sequence.Draft.Count;
            context += sequence.Length;
        }
        timings.OnForward(rows.With(nodes), context / batch.Length, seconds);
    }

    /// <inheritdoc/>
    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path) => inner.Commit(sequence, path);

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence) => inner.Release(sequence);
}
