using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// A decoder with random weights and a filled cache, and the forwards that are timed on it, greedy sampling included. Each leaves the cache
/// as it was. Not thread-safe.
/// </summary>
public sealed class BenchmarkDecoder : IDisposable
{
    /// <summary>Sequences of the batch whose allocation is counted.</summary>
    public const int BatchSequences = 8;

    private readonly BenchmarkShape _shape;
    private readonly IDecoder _decoder;
    private readonly IDecoderSequence _filled;
    private readonly IDecoderSequence _empty;
    private readonly BatchPlan _plan = new();
    private readonly SamplingState _sampling = new(SamplingOptions.Greedy, [0], 1);
    private readonly SampleSpec[] _specs = new SampleSpec[BenchmarkOptions.PromptRows];
    private readonly SampledToken[] _sampled = new SampledToken[BenchmarkOptions.PromptRows];
    private readonly DecoderWork _work;

    /// <summary>Loads a decoder of the shape and fills a cache to its context.</summary>
    /// <exception cref="NotSupportedException">The engine has no kernels for the format.</exception>
    public BenchmarkDecoder(IComputeEngine engine, BenchmarkShape shape, WeightFormat format)
    {
        _shape = shape;
        Format = format;
        var config = shape.ToConfig();
        _decoder = engine.LoadDecoder(config, new RandomWeights(config, 1), new DecoderOptions
        {
            Format = format,
            MaxSequences = BatchSequences + 2,
            MaxRows = BenchmarkOptions.PromptRows,
            MaxPending = BenchmarkOptions.PromptRows,
        });
        _work = new DecoderWork(_decoder);
        _filled = OpenFilled();
        _empty = _decoder.OpenSequence();
    }

    /// <summary>How the decoder keeps its matrices.</summary>
    public WeightFormat Format { get; }

    /// <summary>A step that computes and samples a chain of rows behind the context.</summary>
    public BenchmarkPhase Step(int rows) => new(rows, _work.Step(rows, _shape.Context), () => Compute(_filled, rows, lastOnly: false));

    /// <summary>Reading a prompt of <see cref="BenchmarkOptions.PromptRows"/> tokens and sampling the next one.</summary>
    public BenchmarkPhase Prompt()
    {
        const int Rows = BenchmarkOptions.PromptRows;
        return new(Rows, _work.Prompt(Rows), () => Compute(_empty, Rows, lastOnly: true));
    }

    /// <summary>Managed bytes that all threads allocate per step of <see cref="BatchSequences"/> sequences, one row each.</summary>
    public double AllocatedBytesPerStep(int steps)
    {
        var sequences = Enumerable.Range(0, BatchSequences).Select(_ => OpenFilled()).ToArray();
        for (int i = 0; i < 20; i++) ComputeAll(sequences);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < steps; i++) ComputeAll(sequences);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        foreach (var sequence in sequences) sequence.Dispose();
        return (double)allocated / steps;
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();

    private IDecoderSequence OpenFilled() => BenchmarkRows.OpenFilled(_decoder, _shape.Context, BenchmarkOptions.PromptRows);

    private void Compute(IDecoderSequence sequence, int rows, bool lastOnly)
    {
        _plan.Clear();
        BenchmarkRows.Add(_plan, sequence, rows, _shape.Vocabulary, lastOnly);
        Draw(_decoder.Forward(_plan));
        sequence.CommitPath([]);
    }

    private void ComputeAll(IDecoderSequence[] sequences)
    {
        _plan.Clear();
        foreach (var sequence in sequences) BenchmarkRows.Add(_plan, sequence, 1, _shape.Vocabulary, lastOnly: false);
        Draw(_decoder.Forward(_plan));
        foreach (var sequence in sequences) sequence.CommitPath([]);
    }

    private void Draw(IForwardResult result)
    {
        int count = 0;
        for (int row = 0; row < _plan.Rows; row++)
            if (_plan.Outputs[row])
                _specs[count++] = new SampleSpec(row, _sampling, _shape.Context + row + 1);
        result.Sample(new SampleBatch(_specs.AsSpan(0, count), []), _sampled.AsSpan(0, count));
    }
}
