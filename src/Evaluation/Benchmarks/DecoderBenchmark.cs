using System.Diagnostics;
using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Times the forwards of a decoder with random weights, sampling included: plain decoding, verification of several rows, reading a prompt.
/// Phases that are compared alternate step by step.
/// </summary>
public sealed class DecoderBenchmark : IDisposable
{
    private const int PromptRows = 512;

    private readonly BenchmarkShape _shape;
    private readonly IDecoder _decoder;
    private readonly BatchPlan _plan = new();
    private readonly SamplingState _sampling = new(SamplingOptions.Greedy, [0], 1);
    private readonly SampleSpec[] _specs = new SampleSpec[64];
    private readonly SampledToken[] _sampled = new SampledToken[64];

    /// <summary>Loads a decoder of the shape with random weights.</summary>
    public DecoderBenchmark(IComputeEngine engine, BenchmarkShape shape, WeightFormat format)
    {
        _shape = shape;
        var config = shape.ToConfig();
        var options = new DecoderOptions { Format = format, MaxSequences = 9, MaxRows = PromptRows, MaxPending = PromptRows };
        _decoder = engine.LoadDecoder(config, new RandomWeights(config, 1), options);
    }

    /// <summary>Bytes that a plain step reads: weights, and keys and values of the context.</summary>
    public double StepBytes =>
        _decoder.WeightBytesPerStep + 2.0 * sizeof(float) * _shape.Layers * _shape.KvHeads * (_shape.Width / _shape.Heads) * _shape.Context;

    /// <summary>Median seconds of a step that computes and samples each number of rows, alternating.</summary>
    public IReadOnlyDictionary<int, double> StepSeconds(IReadOnlyList<int> rowCounts, int rounds)
    {
        using var sequence = OpenFilled();
        var times = rowCounts.ToDictionary(rows => rows, _ => new List<double>());
        for (int round = -3; round < rounds; round++)
            foreach (int rows in rowCounts)
            {
                long start = Stopwatch.GetTimestamp();
                Step(sequence, rows);
                if (round >= 0) times[rows].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        return times.ToDictionary(t => t.Key, t => Median(t.Value));
    }

    /// <summary>Tokens per second of reading a prompt of 512 tokens in one forward, median.</summary>
    public double PrefillTokensPerSecond(int rounds)
    {
        using var sequence = _decoder.OpenSequence();
        var times = new List<double>();
        for (int round = -1; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            Step(sequence, PromptRows, lastOnly: true);
            if (round >= 0) times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return PromptRows / Median(times);
    }

    /// <summary>Managed bytes that all threads allocate per step of eight sequences, one row each.</summary>
    public double AllocatedBytesPerStep(int steps)
    {
        var sequences = Enumerable.Range(0, 8).Select(_ => OpenFilled()).ToArray();
        for (int i = 0; i < 20; i++) StepAll(sequences);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < steps; i++) StepAll(sequences);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        foreach (var sequence in sequences) sequence.Dispose();
        return (double)allocated / steps;
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();

    private IDecoderSequence OpenFilled()
    {
        var sequence = _decoder.OpenSequence();
        while (sequence.Length < _shape.Context)
        {
            Step(sequence, Math.Min(PromptRows, _shape.Context - sequence.Length), lastOnly: true, commit: true);
        }
        return sequence;
    }

    private void Step(IDecoderSequence sequence, int rows, bool lastOnly = false, bool commit = false)
    {
        _plan.Clear();
        AddRows(sequence, rows, lastOnly);
        Draw(_decoder.Forward(_plan));
        if (commit) sequence.CommitChain(rows);
        else sequence.CommitPath([]);
    }

    private void StepAll(IDecoderSequence[] sequences)
    {
        _plan.Clear();
        foreach (var sequence in sequences) AddRows(sequence, 1, lastOnly: false);
        Draw(_decoder.Forward(_plan));
        foreach (var sequence in sequences) sequence.CommitPath([]);
    }

    private void AddRows(IDecoderSequence sequence, int rows, bool lastOnly)
    {
        _plan.Begin(sequence);
        for (int i = 0; i < rows; i++)
            _plan.Add((i * 37 + 11) % _shape.Vocabulary, i - 1, output: !lastOnly || i == rows - 1);
    }

    private void Draw(IForwardResult result)
    {
        int count = 0;
        for (int row = 0; row < _plan.Rows && count < _specs.Length; row++)
            if (_plan.Outputs[row])
                _specs[count++] = new SampleSpec(row, _sampling, row);
        result.Sample(new SampleBatch(_specs.AsSpan(0, count), []), _sampled.AsSpan(0, count));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
