using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Replay;

/// <summary>Adds up what drafting took, and passes on what it hears. Used from the decoding thread.</summary>
/// <param name="next">Who hears of it too, a controller say; null for nobody.</param>
public sealed class DraftMeter(IStepTimings? next = null) : IStepTimings
{
    /// <summary>Calls of a speculator; where two draft for a step, that is two.</summary>
    public long Calls { get; private set; }

    /// <summary>Draft tokens proposed, verified or not.</summary>
    public long Tokens { get; private set; }

    /// <summary>Seconds of these calls.</summary>
    public double Seconds { get; private set; }

    /// <inheritdoc/>
    public void OnDrafted(in DraftTiming timing)
    {
        Calls++;
        Tokens += timing.Tokens;
        Seconds += timing.Seconds;
        next?.OnDrafted(timing);
    }

    /// <inheritdoc/>
    public void OnForward(int rows, double context, double seconds) => next?.OnForward(rows, context, seconds);

    /// <inheritdoc/>
    public void OnLearned(double seconds) => next?.OnLearned(seconds);
}
