using Atlas.Compute.Cpu;
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

namespace Atlas.Speculator.Adaptive.Tests.Learned;

/// <summary>A tiny random target on one thread, heads over it, and requests decoded with them.</summary>
public sealed class LearnedRig : IDisposable
{
    public const int MaxNodes = 12;

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 1 });
    private readonly List<ITrainableHead> _heads = [];

    public LearnedRig(int sequences = 8, int context = 0, WeightFormat draftFormat = WeightFormat.BF16)
    {
        var config = TinyModels.All["llama"] with { Layers = 1 };
        if (context > 0) config = config with { ContextLength = context };
        Decoder = _engine.LoadDecoder(
            config, new TestWeights(config, 11), new DecoderOptions { Format = WeightFormat.F32, MaxSequences = sequences, MaxRows = 224, MaxPending = 64 });
        HeadConfig = new HeadConfig { IntermediateSize = 48, HotVocabularySize = config.VocabularySize, MaxRows = 24, DraftFormat = draftFormat };
    }

    public IDecoder Decoder { get; }

    public HeadConfig HeadConfig { get; }

    public LearnedSlots Slots { get; } = new();

    public int Vocabulary => Decoder.Config.VocabularySize;

    /// <summary>A head with random weights; without tokens, all of the vocabulary is hot.</summary>
    public ITrainableHead Head(ulong seed, params int[] hot)
    {
        var head = _engine.CreateTrainableHead(HeadConfig, Decoder, null, seed);
        _heads.Add(head);
        head.SetHotVocabulary(hot.Length > 0 ? hot : [.. Enumerable.Range(0, Vocabulary)]);
        return head;
    }

    /// <summary>A head that has learned what the target says after the given requests.</summary>
    public ITrainableHead TrainedHead(DecodeSequence[] requests, int updates, bool certain = false)
    {
        var recorder = new StateRecorder();
        Decode(requests, null, DraftBudget.None, recorder);
        var head = Head(3);
        var examples = recorder.Examples(5, certain);
        for (int i = 0; i < updates; i++)
        {
            head.Accumulate(examples);
            Assert.True(head.Update(new AdamWStep(3e-3f, WeightDecay: 0)).Applied);
        }
        recorder.Dispose();
        return head;
    }

    public DecodeSequence[] Requests(int count, Func<int, SamplingOptions> options, int tokens = 40, string name = "default")
    {
        var random = new Random(5);
        return
        [
            .. Enumerable.Range(0, count).Select(i => new DecodeSequence(
                i + 1, [.. Enumerable.Range(0, 3 + i % 4).Select(_ => random.Next(Vocabulary))], options(i), new StopRules(tokens, []), MaxNodes)
            { Namespace = name }),
        ];
    }

    /// <summary>Decodes the requests together; with no budget, plainly.</summary>
    public void Decode(
        DecodeSequence[] requests, IVerifier? verifier, DraftBudget budget, IVerificationObserver? observer = null, Action<int>? beforeStep = null)
    {
        var target = new TargetModel(Decoder, MaxNodes);
        if (observer is StateRecorder recorder) recorder.Target = target;
        var speculator = new LearnedSpeculator(target, Vocabulary, Slots, new LearnedSpeculatorOptions { Candidates = 4 });
        var decoder = new SpeculativeDecoder(target, speculator, new FixedPlanner(budget), verifier ?? new CoupledVerifier(), observer);
        var batch = new BatchDecoder(decoder, Decoder.Options.MaxSequences);
        foreach (var request in requests) batch.Add(request);
        int step = 0;
        do beforeStep?.Invoke(step++);
        while (batch.Step());
    }

    public void Dispose()
    {
        foreach (var head in _heads) head.Dispose();
        Decoder.Dispose();
        _engine.Dispose();
    }
}
