using Atlas.Host.Models;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Recording;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Tokenization;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Service.Generation;

/// <summary>Generation with a target of the service's own: reads requests, hands them to the decoding loop and awaits their answers. Thread-safe.</summary>
internal sealed class GenerationService : IDisposable
{
    private readonly ModelPair _pair;
    private readonly DecodingStack _stack;
    private readonly DecodeLoop _loop;
    private readonly GenerationReader _reader;
    private readonly TrafficRecorder? _recorder;
    private readonly int _cacheSlots;
    private long _weightsGeneration;

    /// <summary>A service over a stack, which is disposed with it; the models stay the caller's.</summary>
    /// <param name="pair">The models.</param>
    /// <param name="stack">Decodes.</param>
    /// <param name="restrictions">The planner of the stack that keeps requests to the speculator they name.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="meters">Where is counted.</param>
    public GenerationService(ModelPair pair, DecodingStack stack, SpeculatorRestrictions restrictions, GenerationSettings settings, GenerationMeters meters)
    {
        _pair = pair;
        _stack = stack;
        _recorder = settings.Recorder;
        var limits = new LoopLimits(settings.MaxBatch, settings.CacheSlots, settings.MaxWaiting);
        _loop = new DecodeLoop(stack, restrictions, limits, pair.Tokenizer, meters, new CompletionWriter(stack.Target, meters, ByNamespace, settings.Recorder));
        _reader = new GenerationReader(pair, settings.ContextLength, settings.MaxWaiting + settings.MaxBatch);
        CheckpointDirectory = settings.CheckpointDirectory;
        ContextLength = settings.ContextLength;
        _cacheSlots = settings.CacheSlots;
    }

    /// <summary>What was counted of each namespace.</summary>
    public NamespaceFigures ByNamespace { get; } = new();

    /// <summary>Most tokens of prompt and completion together.</summary>
    public int ContextLength { get; }

    /// <summary>Name of the target: that of its directory.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_pair.TargetDirectory)));

    /// <summary>The target's vocabulary; null where it has no <c>tokenizer.json</c>.</summary>
    public Tokenizer? Tokenizer => _pair.Tokenizer;

    /// <summary>Whether new requests are taken.</summary>
    public bool IsReady => !_loop.IsDraining;

    private string? CheckpointDirectory { get; }

    /// <summary>Begins to decode.</summary>
    public void Start() => _loop.Start();

    /// <summary>Whether the decoding thread comes to what is asked of it within a time.</summary>
    public Task<bool> IsAliveAsync(TimeSpan within) => _loop.IsAliveAsync(within);

    /// <summary>Answers a <c>generate</c>.</summary>
    public async ValueTask<GenerateResult> GenerateAsync(GenerateParams parameters, ITokenStream stream, CancellationToken cancellation)
    {
        var request = _reader.Read(parameters, stream);
        _loop.Submit(request);
        try
        {
            await using var registration = cancellation.Register(() => _loop.Cancel(request)).ConfigureAwait(false);
            return await request.Answer.ConfigureAwait(false);
        }
        finally
        {
            _loop.Leave(request);
        }
    }

    /// <summary>Lets learning rest, for measurements beside others; what was verified is taken in first.</summary>
    public Task RestAsync() => _loop.InvokeAsync(() =>
    {
        _stack.End();
        return true;
    });

    /// <summary>Lets learning go on.</summary>
    public Task ResumeAsync() => _loop.InvokeAsync(() =>
    {
        _stack.Begin();
        return true;
    });

    /// <summary>Says what is served.</summary>
    public void Describe(HelloResult hello)
    {
        hello.Target = Name;
        hello.Fingerprint = _pair.Fingerprint;
        hello.VocabularySize = _pair.Config.VocabularySize;
        hello.MaxTokens = ContextLength;
        if (_pair.HasDraft) hello.Speculators.Add(StrategyNames.Static);
        if (_stack.Suffix is not null) hello.Speculators.Add(StrategyNames.Suffix);
        if (_stack.Recall is not null) hello.Speculators.Add(StrategyNames.Recall);
        if (_stack.Trainers.States is not null) hello.Speculators.Add(StrategyNames.Learned);
        if (_stack.Trainers.Text is not null) hello.Speculators.Add(StrategyNames.LearnedText);
    }

    /// <summary>Deletes a namespace.</summary>
    public async ValueTask<ForgetResult> ForgetAsync(string name)
    {
        var (ended, bytes) = await _loop.ForgetAsync(name, _pair.Target.CacheBytesPerToken).ConfigureAwait(false);
        ByNamespace.Forget(name);
        if (_recorder is not null) await _recorder.ForgetAsync(name).ConfigureAwait(false);
        return new ForgetResult { Sessions = ended, Bytes = bytes };
    }

    /// <summary>
    /// Loads other weights of the same shape into the target, from a checkpoint directory, between requests: those that run end with the old ones.
    /// What was learned stays, but for states that the old weights computed.
    /// </summary>
    public async ValueTask<WeightsUpdatedResult> WeightsUpdatedAsync(WeightsUpdatedParams parameters)
    {
        if (parameters.Path.Length == 0) throw RpcException.Missing("path");
        try
        {
            using var files = await Task.Run(() => Checkpoint.Open(parameters.Path)).ConfigureAwait(false);
            string fingerprint = parameters.Fingerprint.Length > 0 ? parameters.Fingerprint : files.Fingerprint;
            long generation = 0;
            await _loop.ReplaceTargetAsync(() =>
            {
                _pair.ReplaceTarget(files, fingerprint);
                _stack.Trainers.TargetReplaced(fingerprint);
                generation = ++_weightsGeneration;
            }).ConfigureAwait(false);
            return new WeightsUpdatedResult { Generation = generation };
        }
        catch (CheckpointException e)
        {
            throw RpcException.Invalid("path", e.Message);
        }
    }

    /// <summary>Saves what was learned.</summary>
    public async Task<CheckpointResult> CheckpointAsync()
    {
        if ((!_stack.Trainers.Any && _stack.Memory is null) || CheckpointDirectory is not { } directory)
            throw new RpcException(RpcErrorCode.NotSupported, "nothing is saved here; expected a service that learns, started with --checkpoints DIR");
        await _loop.InvokeAsync(() =>
        {
            _stack.Memory?.Save();
            return true;
        }).ConfigureAwait(false);
        await Task.Run(_stack.Trainers.Save).ConfigureAwait(false);
        return new CheckpointResult { Path = Path.GetFullPath(directory), Version = _stack.Trainers.Published };
    }

    /// <summary>Takes nothing new; returns how many requests had to be cancelled.</summary>
    public Task<int> DrainAsync(TimeSpan deadline) => _loop.DrainAsync(deadline);

    /// <summary>Adds its figures.</summary>
    public void AddTo(MetricSet metrics)
    {
        var meters = _loop.Meters;
        metrics.Counter("generate_requests_completed", "Generations that were answered.", () => meters.Completed);
        metrics.Counter("generate_requests_cancelled", "Generations that were cancelled.", () => meters.Cancelled);
        metrics.Counter("generate_requests_failed", "Generations that failed.", () => meters.Failed);
        metrics.Gauge("num_requests_running", "Completions being decoded.", () => meters.Running);
        metrics.Gauge("num_requests_waiting", "Completions in the queue.", () => meters.Waiting);
        metrics.Gauge("kv_cache_usage_perc", "Part of the memory for keys and values that running completions have, 0 to 1.", () => meters.Running / (double)_cacheSlots);
        metrics.Gauge("prefix_caches", "Caches kept for the prefixes of later requests.", () => meters.KeptPrefixes);
        metrics.Counter("prompt_tokens", "Tokens of prompts.", () => meters.PromptTokens);
        metrics.Counter("prompt_tokens_cached", "Tokens of prompts that had been computed before.", () => meters.CachedTokens);
        metrics.Counter("generation_tokens", "Tokens of completions that have ended.", () => meters.Emitted);
        metrics.Counter("spec_decode_num_drafts", "Target forwards that completions took part in.", () => meters.Forwards);
        metrics.Counter("spec_decode_num_draft_tokens", "Draft tokens verified.", () => meters.Drafted);
        metrics.Counter("spec_decode_num_accepted_tokens", "Draft tokens accepted.", () => meters.Accepted);
        metrics.Counters(PositionCounts.Name, PositionCounts.Help, meters.AcceptedAt.Read);
        metrics.Counter("speculator_faults", "Failures of speculators; their steps were decoded without them.", () => meters.SpeculatorFaults);
        metrics.Counter("step_seconds", "Time of decoding steps, learning between them included.", () => meters.StepSeconds);
        meters.Latencies.AddTo(metrics);
        _recorder?.AddTo(metrics);
        if (_stack.Planner is { } planner) ControllerFigures.AddTo(metrics, planner.Metrics);
        metrics.Counter(
            "trainer_faults", "Failures in the background, such as a checkpoint that could not be written.",
            () => _stack.Trainers.Faults + (_stack.Memory?.Faults ?? 0));
        if (_stack.Trainers.Any) TrainerFigures.AddTo(metrics, _stack.Trainers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.Dispose();
        _stack.Dispose();
    }
}
