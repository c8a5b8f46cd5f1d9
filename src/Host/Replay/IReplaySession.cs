using Atlas.Modeling.Engine;

namespace Atlas.Host.Replay;

/// <summary>A way to replay, ready to be given requests. Used from the decoding thread.</summary>
internal interface IReplaySession : IDisposable
{
    /// <summary>How it replays.</summary>
    ReplayManner Manner { get; }

    /// <summary>What computes.</summary>
    EngineInfo Engine { get; }

    /// <summary>Models that run, by their part: directory and fingerprint.</summary>
    IReadOnlyList<(string Part, string Directory, string Fingerprint)> Models { get; }

    /// <summary>Who replays; the first is what the others are compared with.</summary>
    IReadOnlyList<string> Strategies { get; }

    /// <summary>What else figures depend on that <see cref="Manner"/> does not say: runs with other settings are other runs.</summary>
    string Settings { get; }

    /// <summary>Replays one source with fresh strategies.</summary>
    ReplayRun Run(ReplaySource source);
}
