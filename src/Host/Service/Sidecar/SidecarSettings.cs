using Atlas.Controller.Latency;
using Atlas.Evaluation.Replay;
using Atlas.Host.Service.Recording;
using Atlas.Host.Speculation;
using Atlas.Modeling.Engine;
using Atlas.Trainer.Online;

namespace Atlas.Host.Service.Sidecar;

/// <summary>What a sidecar drafts for, and how much it holds.</summary>
/// <param name="VocabularySize">Token ids are below it.</param>
/// <param name="Fingerprint">Name of the target, which checkpoints are bound to.</param>
/// <param name="MaxSessions">Most sessions of all connections together.</param>
/// <param name="MaxTokens">Most tokens of a session.</param>
/// <param name="MaxBatch">Most sequences in one call.</param>
/// <param name="MemoryLimit">Bytes that the suffix stores may hold, as many again for what is learned, and for hidden states where they are taken.</param>
/// <param name="CheckpointDirectory">Where what was learned is saved; null for nowhere.</param>
internal sealed record SidecarSettings(
    int VocabularySize, string Fingerprint, int MaxSessions, int MaxTokens, int MaxBatch, long MemoryLimit, string? CheckpointDirectory)
{
    /// <summary>A draft model of the same vocabulary, loaded; it stays the caller's. Null for none.</summary>
    public IDecoder? DraftModel { get; init; }

    /// <summary>Numbers in a hidden state of the target, which the recall speculator drafts by; 0 where none are sent.</summary>
    public int HiddenSize { get; init; }

    /// <summary>Heads on these states, of that width and of the vocabulary; their engine stays the caller's. Null where the target's own rows are not here.</summary>
    public StateHeads? StateHeads { get; init; }

    /// <summary>How these heads are trained; memory and directory are those of the sidecar.</summary>
    public OnlineTrainerOptions StateTrainer { get; init; } = new();

    /// <summary>Writes what is committed to a trace; null for nobody. It stays the caller's.</summary>
    public TrafficRecorder? Recorder { get; init; }

    /// <summary>
    /// What a forward of the other server takes, before it has told. By default a server that is bound by memory bandwidth up to some dozens of rows.
    /// </summary>
    public LatencyProfile Latency { get; init; } = LatencyTable.Parse(DefaultLatency);

    /// <summary>The default of <see cref="Latency"/> as <see cref="LatencyTable"/> writes it.</summary>
    public const string DefaultLatency = "1:20,16:21,64:24,256:45";

    /// <summary>Most draft nodes of a sequence, those that are drafted ahead included.</summary>
    public int DraftCapacity { get; init; } = 64;

    /// <summary>Most nodes of a draft that is answered.</summary>
    public int MostNodes { get; init; } = 24;

    /// <summary>Most children of a node.</summary>
    public int Branches { get; init; } = 1;
}
