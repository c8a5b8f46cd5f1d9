using Atlas.Compute.Cpu;
using Atlas.Compute.Cpu.Tokens;
using Atlas.Evaluation.Replay;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Host.Replay;

/// <summary>Replays completions that were recorded; no model runs.</summary>
internal sealed class RecordedSession : IReplaySession
{
    private readonly Func<ITraceTokens> _tokens;
    private readonly ReplayOptions _options;

    /// <summary>A session.</summary>
    /// <param name="tokens">Makes what text is turned into, anew for each source.</param>
    /// <param name="options">How to replay.</param>
    /// <param name="latency">The latency table as it was written down.</param>
    /// <param name="strategies">Plain first.</param>
    /// <param name="settings">What text is turned into, so that another vocabulary has another text.</param>
    public RecordedSession(Func<ITraceTokens> tokens, ReplayOptions options, string latency, IReadOnlyList<string> strategies, string settings)
    {
        (_tokens, _options, Strategies, Settings) = (tokens, options, strategies, settings);
        Manner = new ReplayManner(
            "recorded",
            $"No model ran: completions are what was recorded, and a target forward takes what the table {latency} (rows:ms) says. Drafting, planning and "
            + $"learning ran and were timed. Strategies without a controller draft {options.Lookahead} tokens a step at most.",
            "back-to-back", latency);
        // Only to be asked for the machine: recorded requests are replayed on this thread.
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        Engine = engine.Info;
    }

    /// <inheritdoc/>
    public ReplayManner Manner { get; }

    /// <inheritdoc/>
    public EngineInfo Engine { get; }

    /// <inheritdoc/>
    public IReadOnlyList<(string Part, string Directory, string Fingerprint)> Models => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Strategies { get; }

    /// <inheritdoc/>
    public string Settings { get; }

    /// <inheritdoc/>
    public ReplayRun Run(ReplaySource source)
    {
        var trace = RecordedTrace.Read(source.Requests, source.Name, _tokens());
        var heads = new CpuTokenHeads(new TokenHeadConfig(), trace.VocabularySize);
        var replay = new RecordedReplay(trace, new ReplayStacks(heads, _options), Strategies);
        replay.Warm();
        return new ReplayRun(source.Name, ReplayProgress.Run(replay.Run, source.Name, trace.Requests.Count));
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
