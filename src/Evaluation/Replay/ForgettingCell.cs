namespace Atlas.Evaluation.Replay;

/// <summary>What became of a domain while another was served.</summary>
/// <param name="Domain">The domain that came back.</param>
/// <param name="After">The domain that most of the requests between were of.</param>
/// <param name="Before">Its last requests before it went away; of several absences, all together.</param>
/// <param name="Returned">Its first requests when it came back.</param>
public sealed record ForgettingCell(string Domain, string After, ReplayTotals Before, ReplayTotals Returned)
{
    /// <summary>Acceptance length on return over that before; below 1, something was forgotten.</summary>
    public double Ratio => Returned.AcceptanceLength / Before.AcceptanceLength;
}
