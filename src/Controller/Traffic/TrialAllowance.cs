namespace Atlas.Controller.Traffic;

/// <summary>
/// What a namespace may spend on trials that are due, in plain steps: a part of what its requests emit. Traffic that seldom changes has it saved up when
/// it does; where kinds of requests come and go (every conversation of an agent is one) trials wait instead of costing as much as they can ever bring.
/// </summary>
internal sealed class TrialAllowance
{
    private const double Part = 0.005;
    private const double First = 16;
    private const double Most = 64;

    private double _steps = First;

    /// <summary>A request has emitted so many tokens.</summary>
    public void Earn(int tokens) => _steps = Math.Min(Most, _steps + Part * tokens);

    /// <summary>Pays for a trial; false where it is not affordable yet.</summary>
    /// <param name="steps">Its cost in plain steps.</param>
    public bool TrySpend(double steps)
    {
        if (!(steps <= _steps)) return false;
        _steps -= steps;
        return true;
    }
}
