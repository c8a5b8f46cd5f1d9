using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Static;
using Atlas.Target;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Measures what speculation is made of on an engine: the target's forwards over batches and rows, a draft model's step, the learned
/// speculator, and a whole speculative step beside the forwards in it. Random weights; everything takes its turn in every round.
/// </summary>
public sealed class StepBenchmark : IDisposable
{
    private const int Repetitions = 4;
    private const int StepsPerRound = 8;
    private const int LearnedSteps = 200;
    private const int FillRows = 512;

    private readonly IComputeEngine _engine;
    private readonly StepBenchmarkOptions _options;
    private readonly IDecoder _target;
    private readonly IDecoder _draft;
    private readonly IDecoderSequence[] _targetCaches;
    private readonly IDecoderSequence[] _draftCaches;
    private readonly PhaseTimer _phases;
    private readonly List<(int Sequences, int RowsEach)> _sizes = [];
    private readonly SamplingState _sampling = new(SamplingOptions.Greedy, [0], 1);

    /// <summary>Loads target and draft model and fills their caches.</summary>
    /// <exception cref="NotSupportedException">The engine has no kernels for the format.</exception>
    public StepBenchmark(IComputeEngine engine, StepBenchmarkOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rounds, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lookahead, 1, nameof(options));
        CheckRising(options.Batches, nameof(options.Batches));
        CheckRising(options.Rows, nameof(options.Rows));
        _engine = engine;
        _options = options;
        _target = Load(options.Target, options.Batches[^1]);
        try
        {
            _draft = Load(options.DraftShape, 1);
        }
        catch
        {
            _target.Dispose();
            throw;
        }
        _targetCaches = Fill(_target, options.Batches[^1]);
        _draftCaches = Fill(_draft, 1);
        var work = new DecoderWork(_target);
        var phases = new List<BenchmarkPhase>();
        foreach (int sequences in options.Batches)
            foreach (int rows in options.Rows)
            {
                _sizes.Add((sequences, rows));
                phases.Add(Phase(_target, _targetCaches.AsSpan(0, sequences).ToArray(), rows, work));
            }
        phases.Add(Phase(_draft, _draftCaches, 1, new DecoderWork(_draft)));
        _phases = new PhaseTimer(phases, Repetitions, warmsUp: true);
    }

    /// <summary>Runs a round that warms up, then the rounds that count, then the learned speculator.</summary>
    /// <param name="roundDone">Called after each round with the number of rounds done, the one that warms up included.</param>
    /// <param name="head">The learned speculator's shape; null leaves it out.</param>
    public StepBenchmarkResult Measure(Action<int>? roundDone = null, HeadConfig? head = null)
    {
        var limits = new List<DeviceLimits>();
        var steps = new List<double>();
        var overheads = new List<double>();
        for (int round = 0; round <= _options.Rounds; round++)
        {
            var measured = _engine.MeasureLimits();
            _phases.RunRound(round > 0);
            var (step, overhead) = SpeculativeSteps();
            if (round > 0)
            {
                limits.Add(measured);
                steps.Add(step);
                overheads.Add(overhead);
            }
            roundDone?.Invoke(round + 1);
        }
        var results = _phases.Results();
        return new StepBenchmarkResult
        {
            Engine = _engine.Info,
            Options = _options,
            Limits = new LimitSeries(limits),
            Forwards = [.. _sizes.Select((size, i) => new BatchForward(size.Sequences, size.RowsEach, results[i]))],
            DraftStep = results[^1],
            Step = new RoundSeries(steps),
            StepOverhead = new RoundSeries(overheads),
            Learned = head is null ? null : new LearnedBenchmark(_engine, head, SamplingOptions.Greedy).Run(_target, LearnedSteps),
        };
    }

    /// <summary>Frees both decoders; the engine stays.</summary>
    public void Dispose()
    {
        _target.Dispose();
        _draft.Dispose();
    }

    private static void CheckRising(IReadOnlyList<int> counts, string what)
    {
        if (counts.Count == 0 || counts[0] != 1 || counts.Zip(counts.Skip(1)).Any(pair => pair.Second <= pair.First))
            throw new ArgumentException($"{what} are {string.Join(',', counts)}; expected numbers that rise from 1");
    }

    // One slot more than the batch, for the sequence that is decoded.
    private IDecoder Load(BenchmarkShape shape, int sequences)
    {
        var config = shape.ToConfig();
        int each = Math.Max(_options.Rows[^1], _options.Lookahead + 1);
        return _engine.LoadDecoder(config, new RandomWeights(config, 1), new DecoderOptions
        {
            Format = _options.Format,
            MaxSequences = sequences + 1,
            MaxRows = Math.Max(FillRows, sequences * each),
            MaxPending = Math.Max(FillRows, each),
        });
    }

    private IDecoderSequence[] Fill(IDecoder decoder, int count)
    {
        var first = BenchmarkRows.OpenFilled(decoder, _options.Target.Context, FillRows);
        var others = Enumerable.Range(1, count - 1).Select(_ => decoder.OpenSequence()).ToArray();
        foreach (var other in others) other.CopyPrefix(first, first.Length);
        return [first, .. others];
    }

    // A chain of some rows behind the context of each sequence, drawn greedily; the caches stay as they were.
    private BenchmarkPhase Phase(IDecoder decoder, IDecoderSequence[] caches, int rows, DecoderWork work)
    {
        var plan = new BatchPlan();
        var specs = new SampleSpec[caches.Length * rows];
        for (int i = 0; i < specs.Length; i++) specs[i] = new SampleSpec(i, _sampling, _options.Target.Context + i % rows + 1);
        var drawn = new SampledToken[specs.Length];
        return new(specs.Length, work.Step(rows, _options.Target.Context, caches.Length), () =>
        {
            plan.Clear();
            foreach (var cache in caches) BenchmarkRows.Add(plan, cache, rows, decoder.Config.VocabularySize, lastOnly: false);
            decoder.Forward(plan).Sample(new SampleBatch(specs, []), drawn);
            foreach (var cache in caches) cache.CommitPath([]);
        });
    }

    // Seconds per step, and the share of it outside forwards and draws. The prompt is read first and does not count.
    private (double Step, double Overhead) SpeculativeSteps()
    {
        var target = new MeteredDecoder(_target);
        var draft = new MeteredDecoder(_draft);
        int lookahead = _options.Lookahead;
        var decoder = new SpeculativeDecoder(
            new TargetModel(target, lookahead), new StaticSpeculator(draft, new StaticSpeculatorOptions()), new FixedPlanner(DraftBudget.Chain(lookahead)),
            new CoupledVerifier());
        int context = _options.Target.Context;
        var sequence = new DecodeSequence(
            0, BenchmarkRows.Tokens(context, _options.Target.Vocabulary), SamplingOptions.Greedy, new StopRules((StepsPerRound + 2 + context / FillRows) * (lookahead + 1), []), lookahead);
        while (sequence.Output.Length == 0) decoder.Step([sequence]);
        decoder.Step([sequence]);
        double before = target.Seconds + draft.Seconds;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < StepsPerRound; i++) decoder.Step([sequence]);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double forwards = target.Seconds + draft.Seconds - before;
        decoder.Release(sequence);
        return (seconds / StepsPerRound, (seconds - forwards) / seconds);
    }
}
