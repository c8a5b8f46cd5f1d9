namespace Atlas.Controller.Drift;

/// <summary>Hears of drift. Called on the decoding thread; must return quickly.</summary>
public interface IDriftObserver
{
    /// <summary>A speculator's acceptance has changed.</summary>
    void OnDrift(in DriftEvent drift);
}
