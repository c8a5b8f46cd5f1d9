using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Replay;

/// <summary>Adds up what drafting took, and passes on what it hears. Used from the decoding thread.</summary>
/// <param name="next">Who hears of it too, a controller say; null for nobody.</param>
public sealed class DraftMeter(IStepTimings? next = null) : IStepTimings
{
    /// <summary>All of it so far.</summary>
    public DraftWork Work { get; private set; }

    /// <inheritdoc/>
    public void OnDrafted(in DraftTiming timing)
    {
        Work += new DraftWork(1, timing.Tokens, timing.Seconds);
        next?.OnDrafted(timing);
    }

    /// <inheritdoc/>
    public void OnForward(int rows, double context, double seconds) => next?.OnForward(rows, context, seconds);

    /// <inheritdoc/>
    public void OnLearned(double seconds) => next?.OnLearned(seconds);
}
