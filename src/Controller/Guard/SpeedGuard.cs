namespace Atlas.Controller.Guard;

/// <summary>
/// Never slower than plain: compares the time that speculative steps took with what plain decoding would have taken for the tokens they
/// emitted. Where that does not pay over a window, speculation stops and is probed again after pauses that grow; a probe that pays opens it,
/// and the pauses start anew once it has stayed open for a while. Counted in steps of one namespace. Not thread-safe.
/// </summary>
public sealed class SpeedGuard
{
    private readonly GuardOptions _options;
    private readonly double _kept;
    private double _plain;
    private double _spent;
    private int _pause;
    private int _left;

    /// <summary>An open guard.</summary>
    public SpeedGuard(GuardOptions options)
    {
        _options = options;
        _kept = Math.Exp(-1.0 / options.Window);
        _pause = options.FirstPause;
        State = GuardState.Open;
    }

    /// <summary>Whether it lets speculation pass, and why.</summary>
    public GuardState State { get; private set; }

    /// <summary>Times that speculation was stopped.</summary>
    public long Stops { get; private set; }

    /// <summary>Plain decoding's time over the time spent, over the window; 1 before anything was seen.</summary>
    public double Gain => _spent > 0 ? _plain / _spent : 1;

    /// <summary>Whether the coming step may speculate. Called once for each step and sequence.</summary>
    public bool Allows()
    {
        if (State != GuardState.Closed) return true;
        if (--_left > 0) return false;
        Restart(GuardState.Probing);
        return true;
    }

    /// <summary>Learns from a speculative step.</summary>
    /// <param name="plainSeconds">What plain decoding would have taken for the tokens that were emitted.</param>
    /// <param name="seconds">What they took.</param>
    public void Add(double plainSeconds, double seconds)
    {
        if (!_options.Enabled || State == GuardState.Closed || !(seconds > 0)) return;
        _plain = _plain * _kept + plainSeconds;
        _spent = _spent * _kept + seconds;
        _left++;
        bool pays = _plain >= _spent * _options.LeastGain;
        if (State == GuardState.Probing && _left >= _options.ProbeSteps)
        {
            if (pays) Restart(GuardState.Open);
            else Stop();
        }
        else if (State == GuardState.Open && _left >= _options.LeastSteps)
        {
            if (!pays) Stop();
            else if (_left >= 4 * _options.Window) _pause = _options.FirstPause;
        }
    }

    /// <summary>The traffic has changed: what was slow may pay now. A closed guard probes at once.</summary>
    public void Reconsider()
    {
        _pause = _options.FirstPause;
        if (State == GuardState.Closed) Restart(GuardState.Probing);
    }

    private void Stop()
    {
        Restart(GuardState.Closed);
        Stops++;
        _left = _pause;
        _pause = Math.Min(2 * _pause, _options.LongestPause);
    }

    private void Restart(GuardState state)
    {
        State = state;
        _plain = _spent = 0;
        _left = 0;
    }
}
