using System.Diagnostics;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Teaches a head that sees tokens alone what was emitted: every position once when it comes, and again by draws from the newest ones kept.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="width">Width of its states.</param>
/// <param name="step">Its update rule.</param>
/// <param name="repetitions">Times that a position is learned from again, on average; 0 to 15.</param>
internal sealed class StreamLearner(ITrainableHead head, int width, AdamWStep step, int repetitions) : IDisposable
{
    private const int Kept = 2048;
    private const int Batch = 16;

    private readonly HostHiddenStates _states = new(Kept, width);
    private readonly HeadExample[] _examples = new HeadExample[Kept];
    private readonly HeadExample[] _batch = new HeadExample[Batch];
    private readonly Random _random = new(3);
    private long _count;
    private int _owed;
    private long _learned;
    private double _time;

    /// <summary>Microseconds of learning over the positions learned from.</summary>
    public double MicrosecondsPerPosition => _time / Math.Max(1, _learned);

    /// <summary>Takes a position: the text so far and the token that followed.</summary>
    public void Add(ReadOnlySpan<int> text, int next)
    {
        int place = (int)(_count++ % Kept);
        TextStates.Write(text[..^1], _states.Writable(place));
        _examples[place] = new HeadExample(_states, place, [text[^1]], [next], [1f]);
        _owed++;
    }

    /// <summary>Learns whatever makes whole batches.</summary>
    public void Learn()
    {
        int fresh = Math.Max(1, Batch / (1 + repetitions));
        long start = Stopwatch.GetTimestamp();
        for (; _owed >= fresh; _owed -= fresh, _learned += Batch)
        {
            int kept = (int)Math.Min(_count, Kept);
            for (int i = 0; i < Batch; i++)
            {
                long index = i < fresh ? _count - _owed + i : _count - 1 - _random.Next(kept);
                _batch[i] = _examples[index % Kept];
            }
            head.Accumulate(_batch);
            head.Update(step);
        }
        _time += Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    /// <inheritdoc/>
    public void Dispose() => _states.Dispose();
}
