using Atlas.Compute.Cpu;
using Atlas.Compute.Cpu.Tokens;
using Atlas.Conformance.Models;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Target;
using Atlas.Trainer.Online;

namespace Atlas.Trainer.Tests.Online;

/// <summary>
/// A tiny random target on one thread with a learned speculator and its trainer: over its hidden states, or over tokens alone.
/// </summary>
internal sealed class OnlineRig : IDisposable
{
    public const int MaxNodes = 8;

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 1 });
    private readonly TestWeights _weights;
    private readonly TextStates? _text;
    private long _nextId;

    public OnlineRig(OnlineTrainerOptions? options = null, LearnedWeights? shipped = null, bool tokensAlone = false, ITokenFeedback? feedback = null)
    {
        var config = TinyModels.All["llama"] with { Layers = 1, ContextLength = 1024 };
        _weights = new TestWeights(config, 11);
        Decoder = _engine.LoadDecoder(
            config, _weights, new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 4, MaxRows = 64, MaxPending = 32 });
        Target = new TargetModel(Decoder, MaxNodes);
        var heads = new CpuTokenHeads(new TokenHeadConfig { ContextLength = 64, Contexts = 1 << 10, MaxRows = 32 }, config.VocabularySize);
        Trained = tokensAlone
            ? new TrainedTarget(heads, feedback, MaxNodes, "first") { Base = shipped }
            : new TrainedTarget(
                _engine, Decoder, Target, MaxNodes, "first", new HeadConfig { IntermediateSize = 48, HotVocabularySize = 80, MaxRows = 32 })
            { Base = shipped };
        Trainer = new OnlineTrainer(Trained, Slots, options ?? Options());
        if (tokensAlone) _text = new TextStates(heads);
        IDraftStates states = _text is null ? new TargetStates(Target) : _text;
        Speculator = new LearnedSpeculator(states, config.VocabularySize, Slots, new LearnedSpeculatorOptions { Candidates = 4 });
    }

    public IDecoder Decoder { get; }

    public TargetModel Target { get; }

    public TrainedTarget Trained { get; }

    public LearnedSlots Slots { get; } = new();

    public OnlineTrainer Trainer { get; }

    public LearnedSpeculator Speculator { get; }

    /// <summary>Learns much from little, so that tests are short.</summary>
    public static OnlineTrainerOptions Options(string? checkpoints = null) => new()
    {
        IntakeShare = 1,
        HeldOutStride = 3,
        UpdatesPerCandidate = 20,
        LeastWindows = 32,
        Step = new AdamWStep(3e-3f, WeightDecay: 0),
        CheckpointDirectory = checkpoints,
    };

    /// <summary>Decodes requests of a domain, which has four prompts of its own. Returns what was emitted.</summary>
    public List<DecodeSequence> Decode(
        int requests, string name = "default", int domain = 0, bool learns = true, bool plain = false, double temperature = 0, int tokens = 40, int first = 0)
    {
        var sequences = new List<DecodeSequence>();
        var decoder = new SpeculativeDecoder(
            Target, Speculator, new FixedPlanner(plain ? DraftBudget.None : DraftBudget.Chain(4)), new CoupledVerifier(), learns ? Trainer.Observer : null);
        var batch = new BatchDecoder(decoder, 4);
        for (int i = first; i < first + requests; i++)
        {
            var sampling = new SamplingOptions { Temperature = (float)temperature, Seed = (ulong)i };
            var stop = new StopRules(tokens, []);
            var sequence = new DecodeSequence(_nextId++, [domain * 10 + i % 4, 3, 1], sampling, stop, MaxNodes) { Namespace = name };
            sequences.Add(sequence);
            batch.Add(sequence);
        }
        while (batch.Step())
        {
            if (!learns) continue;
            Trainer.Pump();
            Trainer.RunPieces(60);
        }
        return sequences;
    }

    /// <summary>Accepted over drafted of requests that nothing is learned from.</summary>
    public double AcceptanceRate(string name = "default", int domain = 0, double temperature = 0)
    {
        var statistics = new DecodeStatistics(MaxNodes);
        foreach (var sequence in Decode(8, name, domain, learns: false, temperature: temperature, first: 100)) statistics.Add(sequence.Statistics);
        return statistics.AcceptanceRate;
    }

    /// <summary>Replaces the target's weights by ones that say other things.</summary>
    public void ReplaceTarget()
    {
        Decoder.ReplaceWeights(new TestWeights(Decoder.Config, 12));
        Trainer.TargetReplaced("second");
    }

    public void Dispose()
    {
        Trainer.Dispose();
        _text?.Dispose();
        Decoder.Dispose();
        _engine.Dispose();
    }
}
