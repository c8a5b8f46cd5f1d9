namespace Atlas.Evaluation.Comparison;

/// <summary>
/// What a strategy does beside decoding, learning above all. Strategies that are compared take turns, and this runs in its own strategy's
/// turns only; the time it takes is counted there. Called on the decoding thread.
/// </summary>
public interface ITurnWork
{
    /// <summary>The strategy's turn begins.</summary>
    void Begin();

    /// <summary>A step of it is done.</summary>
    void AfterStep();

    /// <summary>The turn ends: nothing of the strategy may run any more when this returns.</summary>
    void End();
}
