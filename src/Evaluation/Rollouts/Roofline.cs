namespace Atlas.Evaluation.Rollouts;

/// <summary>
/// The least time of a forward: its weights must be read, and its products computed (Williams, Waterman and Patterson, "Roofline", CACM 2009).
/// Keys and values, activations, launches and communication are left out, so real forwards take longer.
/// </summary>
/// <param name="Parameters">Weights that a row uses.</param>
/// <param name="BytesPerParameter">Of each.</param>
/// <param name="BytesPerSecond">Memory bandwidth.</param>
/// <param name="FlopsPerSecond">Dense multiply-adds count as two.</param>
public sealed record Roofline(double Parameters, double BytesPerParameter, double BytesPerSecond, double FlopsPerSecond)
{
    /// <summary>Seconds of a forward over so many rows.</summary>
    public double Seconds(int rows) => Math.Max(Parameters * BytesPerParameter / BytesPerSecond, 2 * Parameters * rows / FlopsPerSecond);
}
