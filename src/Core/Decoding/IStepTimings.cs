namespace Atlas.Core.Decoding;

/// <summary>Hears how long the parts of a step took. Called on the decoding thread; must return quickly.</summary>
public interface IStepTimings
{
    /// <summary>A speculator has drafted.</summary>
    void OnDrafted(in DraftTiming timing);

    /// <summary>The target has computed a forward, draws included.</summary>
    /// <param name="rows">Rows of the forward.</param>
    /// <param name="context">Mean length of the batch's sequences.</param>
    /// <param name="seconds">What it took.</param>
    void OnForward(int rows, double context, double seconds);

    /// <summary>
    /// The decoding thread has spent time on learning from the traffic: observers after a verification, or a trainer's turn between two steps.
    /// Nothing happens where that is of no interest.
    /// </summary>
    /// <param name="seconds">What it took.</param>
    void OnLearned(double seconds) { }
}
