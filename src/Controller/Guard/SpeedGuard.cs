namespace Atlas.Controller.Guard;

/// <summary>
/// Never slower than plain: compares the time that speculative steps took with what plain decoding would have taken for the tokens they
/// emitted. Where that does not pay over a window, speculation stops and is probed again after pauses that grow; a probe that pays opens it,
/// and the pauses start anew once it has stayed open for a while. Where it pays, but less than learning from the traffic costs, it is learning
/// that has to be spared (<see cref="AffordsLearning"/>), for pauses that grow likewise. Counted in steps of one namespace. Not thread-safe.
/// </summary>
public sealed class SpeedGuard
{
    private readonly GuardOptions _options;
    private readonly double _kept;
    private double _plain;
    private double _spent;
    private double _learning;
    private int _pause;
    private int _sparing;
    private int _spared;
    private int _left;

    /// <summary>An open guard.</summary>
    public SpeedGuard(GuardOptions options)
    {
        _options = options;
        _kept = Math.Exp(-1.0 / options.Window);
        _pause = _sparing = options.FirstPause;
        State = GuardState.Open;
    }

    /// <summary>Whether it lets speculation pass, and why.</summary>
    public GuardState State { get; private set; }

    /// <summary>Times that speculation was stopped.</summary>
    public long Stops { get; private set; }

    /// <summary>Times that learning was found to cost more than speculation gains.</summary>
    public long Sparings { get; private set; }

    /// <summary>Plain decoding's time over the time spent, learning included, over the window; 1 before anything was seen.</summary>
    public double Gain => _spent > 0 ? _plain / (_spent + _learning) : 1;

    /// <summary>
    /// Whether what speculation gains pays for learning at its full share. Where it does not, plain decoding without a trainer would be faster,
    /// and what learns should take hardly anything unless it has reason to hope.
    /// </summary>
    public bool AffordsLearning => !_options.Enabled || (State == GuardState.Open && _spared == 0);

    /// <summary>Whether the coming step may speculate. Called once for each step and sequence.</summary>
    public bool Allows()
    {
        if (State != GuardState.Closed) return true;
        if (--_left > 0) return false;
        Restart(GuardState.Probing);
        return true;
    }

    /// <summary>Counts time that speculation took beside its steps.</summary>
    public void Spend(double seconds)
    {
        if (State != GuardState.Closed) _spent += seconds;
    }

    /// <summary>Counts time that learning took on the decoding thread.</summary>
    public void Learn(double seconds)
    {
        if (State != GuardState.Closed) _learning += seconds;
    }

    /// <summary>Learns from a speculative step.</summary>
    /// <param name="plainSeconds">What plain decoding would have taken for the tokens that were emitted.</param>
    /// <param name="seconds">What they took.</param>
    public void Add(double plainSeconds, double seconds)
    {
        if (!_options.Enabled || State == GuardState.Closed || !(seconds > 0)) return;
        _plain = _plain * _kept + plainSeconds;
        _spent = _spent * _kept + seconds;
        _learning *= _kept;
        _left++;
        if (_spared > 0) _spared--;
        bool pays = _plain >= _spent * _options.LeastGain;
        if (State == GuardState.Probing && _left >= _options.ProbeSteps)
        {
            if (pays) Restart(GuardState.Open);
            else Stop();
        }
        else if (State == GuardState.Open && _left >= _options.LeastSteps)
        {
            if (!pays) Stop();
            else if (AffordsLearning && _plain < (_spent + _learning) * _options.LeastGain) Spare();
            else if (_left >= 4 * _options.Window) Settle();
        }
    }

    /// <summary>The traffic has changed: what was slow may pay now. A closed guard probes at once.</summary>
    public void Reconsider()
    {
        _pause = _sparing = _options.FirstPause;
        _spared = 0;
        if (State == GuardState.Closed) Restart(GuardState.Probing);
    }

    private void Stop()
    {
        Restart(GuardState.Closed);
        Stops++;
        _left = _pause;
        _pause = Math.Min(2 * _pause, _options.LongestPause);
    }

    // Speculation goes on; only learning rests.
    private void Spare()
    {
        Restart(GuardState.Open);
        Sparings++;
        _spared = _sparing;
        _sparing = Math.Min(2 * _sparing, _options.LongestPause);
    }

    // It has paid for a while: the next pauses are short again.
    private void Settle()
    {
        _pause = _options.FirstPause;
        if (AffordsLearning) _sparing = _options.FirstPause;
    }

    private void Restart(GuardState state)
    {
        State = state;
        _plain = _spent = _learning = 0;
        _left = 0;
    }
}
