using System.Diagnostics;
using Atlas.Controller.Latency;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Times forwards of a loaded target, greedy draws included, behind caches of some lengths, each of which it fills once. Needs two free
/// sequences of the decoder while it lives. Not thread-safe.
/// </summary>
public sealed class TargetProbe : ILatencyProbe, IDisposable
{
    // How a context is filled says nothing about what a forward behind it takes.
    private const int LongestContext = 384;

    private readonly IDecoder _decoder;
    private readonly Dictionary<int, IDecoderSequence> _filled = [];
    private readonly BatchPlan _plan = new();
    private readonly SamplingState _sampling = new(SamplingOptions.Greedy, [0], 1);
    private readonly SampleSpec[] _specs;
    private readonly SampledToken[] _drawn;

    /// <summary>A probe of forwards up to so many rows, or as many as the decoder takes.</summary>
    public TargetProbe(IDecoder decoder, int maxRows)
    {
        _decoder = decoder;
        int most = Math.Min(decoder.Options.MaxRows, decoder.Options.MaxPending);
        MaxRows = Math.Max(2, Math.Min(Math.Min(maxRows, most), decoder.Options.ContextLength / 2));
        _specs = new SampleSpec[most];
        _drawn = new SampledToken[most];
    }

    /// <inheritdoc/>
    public int MaxRows { get; }

    /// <inheritdoc/>
    public int MaxContext => Math.Min(LongestContext, _decoder.Options.ContextLength);

    /// <inheritdoc/>
    public double Seconds(int rows, int context)
    {
        var sequence = Filled(context);
        _plan.Clear();
        BenchmarkRows.Add(_plan, sequence, rows, _decoder.Config.VocabularySize, lastOnly: false);
        for (int i = 0; i < rows; i++) _specs[i] = new SampleSpec(i, _sampling, context + i + 1);
        long start = Stopwatch.GetTimestamp();
        _decoder.Forward(_plan).Sample(new SampleBatch(_specs.AsSpan(0, rows), []), _drawn.AsSpan(0, rows));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        sequence.CommitPath([]);
        return seconds;
    }

    /// <summary>Frees the two sequences.</summary>
    public void Dispose()
    {
        foreach (var (_, sequence) in _filled) sequence.Dispose();
    }

    private IDecoderSequence Filled(int context)
    {
        if (_filled.TryGetValue(context, out var known)) return known;
        var sequence = BenchmarkRows.OpenFilled(_decoder, context, _specs.Length);
        _filled.Add(context, sequence);
        return sequence;
    }
}
