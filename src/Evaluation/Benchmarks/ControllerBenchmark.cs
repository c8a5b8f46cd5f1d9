using System.Diagnostics;
using Atlas.Controller;
using Atlas.Controller.Guard;
using Atlas.Controller.Latency;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Times what the controller itself takes (<c>controller_us_per_decision</c>) over drafts of three speculators that partly agree and are right
/// three times in four. Drafting, merging and the target are left out.
/// </summary>
public sealed class ControllerBenchmark
{
    private const int Capacity = 32;
    private const int WarmMilliseconds = 1000;
    private const double Acceptance = 0.75;

    private static readonly int[] Lengths = [4, 10, 6];

    private readonly AdaptivePlanner _planner;
    private readonly DecodeSequence[] _batch;
    private readonly DraftTree _own = new(Capacity);
    private readonly DraftTree _merged = new(Capacity);
    private readonly int[] _path = new int[Capacity];
    private readonly int _steps;
    private long _ticks;
    private long _nodes;

    /// <summary>A benchmark over a batch.</summary>
    /// <param name="batch">Sequences decoded at once.</param>
    /// <param name="steps">Steps of a round: few, so that most rounds are not interrupted by other work of the machine.</param>
    public ControllerBenchmark(int batch = 1, int steps = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        _steps = steps;
        _planner = new AdaptivePlanner(new ControllerBenchmarkTarget(), new ControllerOptions
        {
            Speculators = [new("static"), new("suffix") { MaxDepth = 12, MaxNodes = 12, Cost = new DraftCost(3e-6, 0, 0) }, new("learned")],
            // A closed guard would decide in no time.
            Guard = new GuardOptions { Enabled = false },
            Latency = LatencyProfile.Of((1, 1.6e-3), (4, 1.9e-3), (8, 2.8e-3), (16, 5e-3), (32, 9.6e-3), (64, 19e-3)),
        });
        _batch = new DecodeSequence[batch];
    }

    /// <summary>Warms up for a second and runs the rounds that count.</summary>
    /// <param name="rounds">1 or more.</param>
    public ControllerBenchmarkResult Measure(int rounds = 301)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        // Enough for the runtime to have compiled the loop for good.
        int round = 0;
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < WarmMilliseconds; round++) Round(round);
        var micros = new double[rounds];
        double decisions = (double)_steps * _batch.Length;
        long allocated = 0;
        _nodes = 0;
        for (int i = 0; i < rounds; i++)
        {
            allocated += Round(round + i);
            micros[i] = _ticks * 1e6 / Stopwatch.Frequency / decisions;
        }
        Array.Sort(micros);
        return new ControllerBenchmarkResult(micros[rounds / 2], allocated / (decisions * rounds), _nodes / (decisions * rounds));
    }

    // Fresh requests; returns the bytes allocated by their steps.
    private long Round(int round)
    {
        for (int i = 0; i < _batch.Length; i++)
        {
            var stop = new StopRules(_steps * (Capacity + 1), []);
            _batch[i] = new DecodeSequence((long)round * _batch.Length + i, [1], SamplingOptions.Greedy, stop, Capacity);
        }
        // A request's state is made, or taken up again, in its first step.
        Step();
        _ticks = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 1; step < _steps; step++) Step();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        foreach (var sequence in _batch) _planner.Release(sequence);
        return allocated;
    }

    private void Step()
    {
        long start = Stopwatch.GetTimestamp();
        _planner.Plan(_batch);
        _ticks += Stopwatch.GetTimestamp() - start;
        foreach (var sequence in _batch) Draft(sequence);
        start = Stopwatch.GetTimestamp();
        _planner.Select(_batch);
        _ticks += Stopwatch.GetTimestamp() - start;
        foreach (var sequence in _batch) Settle(sequence);
    }

    // Chains of the invoked speculators, each right as long as its own draws say.
    private void Draft(DecodeSequence sequence)
    {
        _merged.Clear();
        for (int speculator = 0; speculator < Lengths.Length; speculator++)
        {
            if (sequence.Shares![speculator].Depth == 0) continue;
            _own.Clear();
            bool right = true;
            for (int d = 0; d < Lengths[speculator]; d++)
            {
                double draw = CounterRandom.Uniform((ulong)sequence.Id, sequence.Length + d, speculator + 1);
                right &= draw < Acceptance;
                _own.Add(right ? Token(sequence.Length + d) : 1000 + speculator, d - 1, (float)(right ? 1 - draw / 2 : draw / 2));
            }
            _merged.Merge(_own, speculator);
        }
        sequence.Draft.CopyFrom(_merged);
        _nodes += _merged.Count;
    }

    private void Settle(DecodeSequence sequence)
    {
        int accepted = 0, node = DraftTree.Root;
        while ((node = sequence.Draft.FindChild(node, Token(sequence.Length))) >= 0)
        {
            _path[accepted++] = node;
            sequence.Emit(new SampledToken(Token(sequence.Length), 0, 0));
        }
        sequence.Emit(new SampledToken(Token(sequence.Length), 0, 0));
        long start = Stopwatch.GetTimestamp();
        _planner.OnVerified(sequence, _path.AsSpan(0, accepted), accepted + 1);
        _ticks += Stopwatch.GetTimestamp() - start;
    }

    private static int Token(int position) => position % 997;
}
