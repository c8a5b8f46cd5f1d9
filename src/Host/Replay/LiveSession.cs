using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Replay;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Replay;

/// <summary>Replays prompts with a target that answers them in this process, on the stacks that serve.</summary>
internal sealed class LiveSession : IReplaySession
{
    private const int WarmRequests = 2;

    private readonly IComputeEngine _engine;
    private readonly ModelPair _pair;
    private readonly LiveOptions _options;
    private readonly StackFactory _factory;

    /// <summary>Loads the models.</summary>
    /// <param name="engine">Where they run; the session disposes it.</param>
    /// <param name="models">Which.</param>
    /// <param name="options">How to replay.</param>
    public LiveSession(IComputeEngine engine, ModelChoice models, LiveOptions options)
    {
        (_engine, _options, Engine) = (engine, options, engine.Info);
        ModelPair? pair = null;
        try
        {
            _pair = pair = ModelPair.Open(models);
            Strategies = options.Strategies ?? Possible();
            // What a strategy has not finished in its turn keeps its place in the cache.
            int open = options.Arrivals is null ? 1 : Strategies.Count * options.Places;
            _pair.Load(engine, new DecoderOptions { Format = models.Format, MaxSequences = Math.Max(2, open) }, withDraft: true);
            _factory = new StackFactory(engine, _pair, options.Places);
        }
        catch
        {
            pair?.Dispose();
            engine.Dispose();
            throw;
        }
        Manner = new ReplayManner(
            "live",
            $"A target answered every prompt with each strategy in turns, on {engine.Info.Device}, {engine.Info.Threads} threads; all times are measured. "
            + (options.Arrivals is { } arrivals
                ? $"Requests came by the trace's clock ({options.ArrivalsText}), at most {arrivals.Places} decoded at once; time in which a strategy had nothing to do was jumped over."
                : "Requests came one after the other.")
            + $" Static and merged draft {options.Lookahead} tokens deep; where there is a controller, it decides.",
            options.ArrivalsText, null);
        Settings = $"--max-tokens {options.MaxTokens}, --dtype {models.Format}, target and vocabulary {_pair.LearningFingerprint}";
    }

    /// <inheritdoc/>
    public ReplayManner Manner { get; }

    /// <inheritdoc/>
    public EngineInfo Engine { get; }

    /// <inheritdoc/>
    public IReadOnlyList<(string Part, string Directory, string Fingerprint)> Models => _pair.Parts;

    /// <inheritdoc/>
    public IReadOnlyList<string> Strategies { get; }

    /// <inheritdoc/>
    public string Settings { get; }

    /// <inheritdoc/>
    public ReplayRun Run(ReplaySource source)
    {
        var config = _pair.Config;
        var trace = LiveTrace.Read(
            source.Requests, source.Name, new LiveTraceOptions(Provenance.Shown(_pair.TargetDirectory), _pair.Tokenizer, config.VocabularySize, config.ContextLength, _options.MaxTokens));
        using (var warm = new LiveStacks(_factory, Strategies, _options.Lookahead)) Start(trace.Take(WarmRequests), warm, out _)(null);
        using var stacks = new LiveStacks(_factory, Strategies, _options.Lookahead);
        var replay = Start(trace, stacks, out var differences);
        return new ReplayRun(source.Name, ReplayProgress.Run(replay, source.Name, trace.Requests.Count), differences);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pair.Dispose();
        _engine.Dispose();
    }

    private Func<Action<int>?, ReplayLog> Start(LiveTrace trace, LiveStacks stacks, out IReadOnlyList<OutputDifference> differences)
    {
        if (_options.Arrivals is { } arrivals)
        {
            var arriving = new ArrivingReplay(trace, stacks.Strategies, _pair.Config.EndTokens, arrivals);
            differences = arriving.Differences;
            return arriving.Run;
        }
        var single = new BackToBackReplay(trace, stacks.Strategies, _pair.Config.EndTokens);
        differences = single.Differences;
        return single.Run;
    }

    private IReadOnlyList<string> Possible() => [.. ReplayStrategies.Live.Where(name => name != ReplayStrategies.Static || _pair.HasDraft)];
}
