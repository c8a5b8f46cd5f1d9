namespace Atlas.Trainer.Online;

/// <summary>
/// Whether learning is worth its time: it pauses when several candidates in a row have gained nothing, for a number of new examples that doubles
/// with every further failure and falls back with a gain. Noise disagrees most with its drafts and teaches nothing; it is met with ever longer
/// pauses.
/// </summary>
internal sealed class LearningGate(OnlineTrainerOptions options)
{
    private int _failures;
    private int _pause = options.FirstPause;
    private long _resumeAt;

    /// <summary>Pauses so far.</summary>
    public long Pauses { get; private set; }

    /// <summary>Whether the last candidate gained nothing.</summary>
    public bool HasFailed => _failures > 0;

    /// <summary>Whether learning rests after so many examples received.</summary>
    public bool IsPaused(long received) => received < _resumeAt;

    /// <summary>A candidate was better than what is published.</summary>
    public void Gained()
    {
        _failures = 0;
        _pause = options.FirstPause;
    }

    /// <summary>A candidate was not better; returns whether a pause begins.</summary>
    public bool Failed(long received)
    {
        if (++_failures < options.Patience) return false;
        // One more candidate after the pause; if it fails too, the next pause begins.
        _failures = options.Patience - 1;
        _resumeAt = received + _pause;
        _pause = Math.Min(2 * _pause, options.LongestPause);
        Pauses++;
        return true;
    }
}
