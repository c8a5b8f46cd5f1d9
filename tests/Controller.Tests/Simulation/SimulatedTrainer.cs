namespace Atlas.Controller.Tests.Simulation;

/// <summary>Learns between the steps, in slices as long as its share of the time that has passed.</summary>
/// <param name="share">Its share where learning is paid for.</param>
/// <param name="leastShare">Where it is not.</param>
internal sealed class SimulatedTrainer(double share, double leastShare)
{
    private const double Slice = 0.4e-3;

    private double _last;
    private double _credit;

    /// <summary>Seconds it took.</summary>
    public double Seconds { get; private set; }

    public void Turn(SimulatedClock clock, AdaptivePlanner planner)
    {
        _credit += (clock.Seconds - _last) * (Pays(planner) ? share : leastShare);
        _last = clock.Seconds;
        if (_credit <= 0) return;
        clock.Advance(Slice);
        planner.OnLearned(Slice);
        _credit -= Slice;
        Seconds += Slice;
    }

    private static bool Pays(AdaptivePlanner planner) => planner.Outlook.AffordsLearning && planner.Contributes(SimulatedRun.Taught);
}
