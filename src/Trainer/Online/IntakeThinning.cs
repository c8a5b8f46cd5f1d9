using Atlas.Core.Sampling;

namespace Atlas.Trainer.Online;

/// <summary>
/// Which sequences are taken in, so that taking in stays within its share of the decoding thread's time: in a large batch a part of them is more
/// than there is time to learn from. Whole sequences, drawn by their ids; all of them until a first stretch has been measured. Not thread-safe.
/// </summary>
/// <param name="share">Most of the time that it takes; 1 takes in everything.</param>
internal sealed class IntakeThinning(double share)
{
    private const int Stretch = 512;
    private const double LeastPart = 1.0 / 64;

    private int _verified;
    private int _taken;
    private long _last;
    private long _passed;
    private long _spent;
    private double _cost;
    private double _affordable = 1;
    private double _allowed = 1;

    /// <summary>Part of the sequences that is taken in.</summary>
    public double Part => share >= 1 ? 1 : Math.Clamp(_affordable * _allowed, LeastPart, 1);

    /// <summary>Whether a sequence is taken in.</summary>
    public bool Takes(long sequence) => Part >= 1 || CounterRandom.Uniform((ulong)sequence, 0, 0) < Part;

    /// <summary>Part of the share, 0 to 1, that there is now: less where learning is not paid for. Holds from the next step on.</summary>
    public double Allowed
    {
        set => _allowed = value;
    }

    /// <summary>Decoding goes on: the time since the last step was not spent on it.</summary>
    public void Resume() => _last = 0;

    /// <summary>A step of some sequence was verified; taking it in took so many ticks, 0 where it was passed over.</summary>
    public void Count(long ticks, long now)
    {
        if (share >= 1) return;
        if (_last != 0) _passed += now - _last;
        _last = now;
        _spent += ticks;
        if (ticks > 0) _taken++;
        if (++_verified < Stretch) return;
        if (_taken > 0) _cost = (double)_spent / _taken;
        if (_cost > 0) _affordable = share * Math.Max(1, _passed) / (_verified * _cost);
        (_verified, _taken, _passed, _spent) = (0, 0, 0, 0);
    }
}
