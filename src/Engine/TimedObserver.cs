using Atlas.Core.Decoding;

namespace Atlas.Engine;

/// <summary>Reports how long another observer takes on the decoding thread: it is time that speculation costs. Changes nothing else.</summary>
/// <param name="inner">Who observes.</param>
/// <param name="timings">Who hears of it.</param>
/// <param name="clock">What time it is.</param>
public sealed class TimedObserver(IVerificationObserver inner, IStepTimings timings, TimeProvider clock) : IVerificationObserver
{
    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        long start = clock.GetTimestamp();
        inner.OnVerified(sequence, accepted, emitted);
        timings.OnLearned(clock.GetElapsedTime(start).TotalSeconds);
    }
}
