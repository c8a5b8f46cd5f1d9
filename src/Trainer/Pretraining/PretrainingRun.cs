using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Trainer.Pretraining;

/// <summary>
/// Trains a decoder from a stream of documents. With a budget of steps or tokens the result is a function of the initial weights, the
/// documents and the options, interrupted or not: a run that is resumed from a checkpoint ends with the same bits. For one thread.
/// </summary>
public sealed class PretrainingRun : IDisposable
{
    private readonly ITrainableDecoder _decoder;
    private readonly HeldOutEvaluation _evaluation;
    private readonly PretrainingOptions _options;
    private readonly PretrainingCheckpoints? _checkpoints;
    private readonly TimeProvider _time;
    private readonly SequencePacker _packer;
    private readonly TimeSpan _elapsedBefore;
    private readonly long _tokensBefore;
    private TimeSpan _elapsed;
    private HeldOutLosses? _heldOut;

    private PretrainingRun(
        ITrainableDecoder decoder, PretrainingData data, PretrainingState state, PretrainingCheckpoints? checkpoints, TimeProvider time)
    {
        _decoder = decoder;
        _options = state.Options;
        _evaluation = new HeldOutEvaluation(data.HeldOut, _options);
        _checkpoints = checkpoints;
        _time = time;
        _packer = new SequencePacker(data.Training, _options.SequenceLength) { Cursor = state.Cursor };
        Step = state.Step;
        Tokens = _tokensBefore = state.Tokens;
        _elapsed = _elapsedBefore = TimeSpan.FromSeconds(state.ElapsedSeconds);
        _heldOut = state.HeldOut;
    }

    /// <summary>Steps made, those before an interruption included.</summary>
    public long Step { get; private set; }

    /// <summary>Positions trained on.</summary>
    public long Tokens { get; private set; }

    /// <summary>The decoder that learns; disposed with the run.</summary>
    public ITrainableDecoder Decoder => _decoder;

    private double Used => _options.Budget.Used(Step, Tokens, _elapsed);

    /// <summary>
    /// Begins a run, or continues the newest whole checkpoint in <paramref name="directory"/>. Under another budget than that of the
    /// checkpoints the newest one is continued at which the learning rate had not begun to fall, see
    /// <see cref="PretrainingOptions.DecayFraction"/>; what was trained behind it is given up.
    /// </summary>
    /// <param name="engine">Where it computes.</param>
    /// <param name="model">The decoder's shape and first weights.</param>
    /// <param name="data">Documents.</param>
    /// <param name="options">How to train.</param>
    /// <param name="directory">Where checkpoints go; null writes none.</param>
    /// <param name="time">Clock for the budget of minutes and for progress; null takes the system's.</param>
    /// <exception cref="CheckpointException">A checkpoint there belongs to a model of another shape or to other options.</exception>
    public static PretrainingRun Open(
        IComputeEngine engine, PretrainingModel model, PretrainingData data, PretrainingOptions options, string? directory,
        TimeProvider? time = null)
    {
        options.Validate();
        if (options.SequenceLength > model.Config.ContextLength)
            throw new ArgumentException($"SequenceLength is {options.SequenceLength}, expected at most the context, {model.Config.ContextLength}");
        var checkpoints = directory == null ? null : new PretrainingCheckpoints(directory);
        using var checkpoint = checkpoints == null ? null : Continue(checkpoints, model.Config, options);
        var clock = time ?? TimeProvider.System;
        if (checkpoint == null)
        {
            var decoder = engine.CreateTrainableDecoder(model.Config, model.Initial, model.Seed);
            return new PretrainingRun(decoder, data, new PretrainingState { Options = options }, checkpoints, clock);
        }
        var resumed = engine.CreateTrainableDecoder(model.Config, checkpoint.Weights, model.Seed);
        resumed.ImportOptimizer(checkpoint.Optimizer, checkpoint.State.UpdateCount);
        return new PretrainingRun(resumed, data, checkpoint.State with { Options = options }, checkpoints, clock);
    }

    /// <summary>
    /// Trains until the budget is used. When cancelled it writes a checkpoint of the last step and throws.
    /// </summary>
    /// <param name="progress">Called after every step; may be null.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <returns>Where the run ended, with a held-out loss where there are held-out documents.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; <see cref="Open"/> continues.</exception>
    public PretrainingState Run(Action<PretrainingProgress>? progress, CancellationToken cancellation)
    {
        bool saved = true;
        while (Used < 1)
        {
            if (cancellation.IsCancellationRequested)
            {
                if (!saved) Save();
                cancellation.ThrowIfCancellationRequested();
            }
            var report = TrainStep();
            if (IsDue(_options.EvaluationInterval) || Used >= 1) _heldOut = MeasureHeldOut();
            saved = IsDue(_options.CheckpointInterval) || Used >= 1;
            if (saved) Save();
            progress?.Invoke(report with { HeldOut = _heldOut });
        }
        return State();
    }

    /// <summary>Weighted mean negative log-probability on the first documents of every held-out set, in nats; null without any set.</summary>
    public HeldOutLosses? MeasureHeldOut() => _evaluation.Measure(_decoder);

    /// <summary>Frees the decoder.</summary>
    public void Dispose() => _decoder.Dispose();

    private static PretrainingCheckpoint? Continue(PretrainingCheckpoints checkpoints, ModelConfig config, PretrainingOptions options)
    {
        if (checkpoints.OpenNewest(state => state.Continues(options)) is { } checkpoint)
        {
            if (ModelShape.Same(checkpoint.Config, config)) return checkpoint;
            checkpoint.Dispose();
            throw new CheckpointException($"{checkpoint.Directory} holds a model of another shape than the run that would continue it");
        }
        using var other = checkpoints.OpenNewest();
        if (other == null) return null;
        throw new CheckpointException($"{other.Directory} was trained under other options: {other.State.Options}");
    }

    private bool IsDue(int interval) => interval > 0 && Step % interval == 0;

    private PretrainingProgress TrainStep()
    {
        long start = _time.GetTimestamp();
        double rate = LearningRateSchedule.At(_options, Step, Used);
        var sequences = _packer.Next(_options.BatchTokens);
        double total = sequences.Sum(s => s.TotalWeight);
        double loss = 0;
        foreach (var batch in SequencePacker.Join(sequences, _options.MicroBatchTokens))
            loss += _decoder.Accumulate(batch.Batch, new WeightedCrossEntropy(batch.Weights, total));
        var update = _decoder.Update(new AdamWStep(
            (float)rate, (float)_options.WeightDecay, (float)_options.ClipNorm, Beta2: (float)_options.Beta2,
            MuonMomentum: (float)_options.MuonMomentum));
        Step++;
        Tokens += sequences.Sum(s => s.Batch.Positions);
        _elapsed += _time.GetElapsedTime(start);
        double seconds = (_elapsed - _elapsedBefore).TotalSeconds, pace = seconds > 0 ? (Tokens - _tokensBefore) / seconds : 0;
        return new PretrainingProgress(Step, Tokens, Used, loss, _heldOut, pace, TimeLeft(), rate, update.GradientNorm);
    }

    private TimeSpan TimeLeft() => Used > 0 ? _elapsed * ((1 - Used) / Used) : TimeSpan.Zero;

    private PretrainingState State() => new()
    {
        Step = Step,
        Tokens = Tokens,
        UpdateCount = _decoder.UpdateCount,
        Cursor = _packer.Cursor,
        ElapsedSeconds = _elapsed.TotalSeconds,
        HeldOut = _heldOut,
        Options = _options,
    };

    private void Save() => _checkpoints?.Save(_decoder, State());
}
