namespace Atlas.Controller.Latency;

/// <summary>Runs single target forwards for <see cref="LatencyProfile.Measure"/>; the host implements it over its loaded target.</summary>
public interface ILatencyProbe
{
    /// <summary>Most rows of a forward.</summary>
    int MaxRows { get; }

    /// <summary>Longest context that it can measure at.</summary>
    int MaxContext { get; }

    /// <summary>Seconds of one forward over so many rows of one sequence behind so many cached tokens, draws included.</summary>
    double Seconds(int rows, int context);
}
