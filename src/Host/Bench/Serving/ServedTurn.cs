using System.Diagnostics;

namespace Atlas.Host.Bench.Serving;

/// <summary>What came of a turn's requests. Thread-safe while they run.</summary>
/// <param name="requests">How many there are.</param>
internal sealed class ServedTurn(int requests)
{
    private readonly Lock _lock = new();
    private long _first = long.MaxValue, _last;
    private int _tokens;

    /// <summary>The tokens of each request.</summary>
    public int[][] Outputs { get; } = new int[requests][];

    /// <summary>Tokens behind the very first ones.</summary>
    public int Tokens => _tokens;

    /// <summary>Seconds from the first token of all to the last.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(_first, _last).TotalSeconds;

    /// <summary>A piece has come.</summary>
    /// <param name="at">When, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="tokens">Tokens in it.</param>
    public void Received(long at, int tokens)
    {
        lock (_lock)
        {
            // The time of what the first piece of all holds lies before it.
            if (_first == long.MaxValue) _first = at;
            else _tokens += tokens;
            _last = at;
        }
    }
}
