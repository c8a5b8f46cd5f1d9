using System.Diagnostics;

namespace Atlas.Trainer.Online;

/// <summary>
/// A token bucket of time: work is earned as a share of the time that passes and may go one piece into debt. Not thread-safe.
/// </summary>
/// <param name="share">Earned per unit of time.</param>
/// <param name="most">Most that is kept.</param>
internal sealed class TrainingCredit(double share, TimeSpan most)
{
    private readonly double _most = most.TotalSeconds * Stopwatch.Frequency;
    private double _ticks;

    /// <summary>Whether a piece of work may begin.</summary>
    public bool IsLeft => _ticks > 0;

    /// <summary>Time has passed.</summary>
    /// <param name="ticks">How much.</param>
    /// <param name="part">Part of the share that is earned now, 0 to 1.</param>
    public void Earn(long ticks, double part = 1) => _ticks = Math.Min(_most, _ticks + share * part * ticks);

    /// <summary>Work has been done.</summary>
    public void Spend(long ticks) => _ticks -= ticks;
}
