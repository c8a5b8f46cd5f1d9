using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Traces;
using Atlas.Host.Replay;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Tests.Replay;

/// <summary>A recorded session that counts what it replays, and says of itself what a test wants to be said.</summary>
internal sealed class CountedSession : IReplaySession
{
    private const string Latency = "1:1,8:2";
    private readonly RecordedSession _session;

    public CountedSession()
    {
        _session = new(() => new ByteTokens(), new ReplayOptions { Latency = LatencyTable.Parse(Latency) }, Latency, ReplayStrategies.Recorded, "--tokens bytes");
        (Manner, Engine, Strategies, Settings) = (_session.Manner, _session.Engine, _session.Strategies, _session.Settings);
    }

    public int Runs { get; private set; }

    public ReplayManner Manner { get; init; }

    public EngineInfo Engine { get; init; }

    public IReadOnlyList<(string Part, string Directory, string Fingerprint)> Models { get; init; } = [];

    public IReadOnlyList<string> Strategies { get; init; }

    public string Settings { get; init; }

    /// <summary>Texts that repeat themselves, in two namespaces.</summary>
    public static ReplaySource Source(int requests = 12, ulong? seed = null) => new("s", [.. Enumerable.Range(0, requests).Select(i => new TraceRequest
    {
        ArrivalSeconds = i,
        Namespace = i % 2 == 0 ? "a" : "b",
        Prompt = TraceText.Of($"prompt {i % 3}"),
        Completion = TraceText.Of($"what was said {i % 3} is said again {i % 4}"),
    })], seed);

    public ReplayRun Run(ReplaySource source)
    {
        Runs++;
        return _session.Run(source);
    }

    public void Dispose() => _session.Dispose();
}
