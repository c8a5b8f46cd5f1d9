using Atlas.Compute.Cpu;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Scoring;
using Atlas.Evaluation.Workloads;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Target;
using Atlas.Trainer.Online;
using Repository = Atlas.Host.Tests.Running.Repository;

namespace Atlas.Host.Tests.Serve;

/// <summary>
/// The small target as another server would run it, decoding plainly and showing its states, and beside it what a sidecar may have of it. One for each
/// test class.
/// </summary>
public sealed class SmallTarget : IDisposable
{
    public const int Depth = 8;

    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 1 });
    private readonly ModelPair _pair;
    private readonly CpuEngine _sidecarEngine = new(new CpuEngineOptions { Threads = 1 });
    private readonly TargetEnds _ends;

    public SmallTarget()
    {
        _pair = ModelPair.Open(new ModelChoice(Directory, null, WeightFormat.BF16));
        _pair.Load(_engine, new DecoderOptions { MaxSequences = 2 }, withDraft: false);
        using var files = ModelEnds.Open(Directory);
        _ends = TargetEnds.Load(_sidecarEngine, files, WeightFormat.BF16);
    }

    public static string Directory => Repository.Small("target");

    public ModelConfig Config => _pair.Config;

    /// <summary>Heads as a sidecar has them, untrained.</summary>
    internal StateHeads Heads => _ends.Heads;

    /// <summary>Weights of a head that has seen nothing and yet changes the states, and proposes among the tokens of a text.</summary>
    public LearnedWeights RandomHead(IReadOnlyCollection<int> text)
    {
        var weights = new WeightsInMemory();
        var shape = HeadShape.Of(Config, _engine);
        using var head = _engine.CreateTrainableHead(shape, _pair.Target, null, 7);
        head.ExportWeights(weights);
        float[] down = new float[Config.HiddenSize * shape.IntermediateSize];
        NormalGenerator.Fill(down, 9, HeadTensors.Down, 0.5);
        weights.Write(HeadTensors.Down, [Config.HiddenSize, shape.IntermediateSize], down);
        int[] hot = [.. text.Concat(Enumerable.Range(0, shape.HotVocabularySize)).Distinct().Take(shape.HotVocabularySize).Order()];
        return new LearnedWeights(1, weights, hot);
    }

    /// <summary>A prompt of a workload, in the target's tokens.</summary>
    public int[] Prompt(int index, string workload = "short-tools") =>
        _pair.RequireTokenizer().Encode(WorkloadCatalog.Get(workload).Item(Split.Evaluation, HeldOutPrompt.DefaultSeed, index).Prompt, addSpecialTokens: true);

    /// <summary>Decodes plainly; with weights, a head in the same process drafts behind every token, for nobody.</summary>
    public StatedCompletion Complete(int[] prompt, int tokens, LearnedWeights? weights = null)
    {
        var target = new TargetModel(_pair.Target, Depth);
        var slots = new LearnedSlots();
        var shape = HeadShape.Of(Config, _engine);
        using var head = _engine.CreateTrainableHead(shape, _pair.Target, weights?.Weights, 0);
        if (weights is not null)
        {
            head.SetHotVocabulary(weights.HotVocabulary);
            slots.Base.Publish(new LearnedVersion(weights.Number, head));
        }
        var speculator = new LearnedSpeculator(target, Config.VocabularySize, slots, new LearnedSpeculatorOptions());
        var recorder = new Recorder(target, Config.HiddenSize);
        var decoder = new SpeculativeDecoder(target, new NoSpeculator(), new FixedPlanner(DraftBudget.None), new CoupledVerifier(), recorder);
        var sequence = new DecodeSequence(1, prompt, SamplingOptions.Greedy, new StopRules(tokens, Config.EndTokens), Depth);
        List<int[]> drafts = [];
        while (sequence.Finish is null)
        {
            int before = sequence.Length;
            decoder.Step([sequence]);
            if (sequence.Length == before) continue;
            sequence.Draft.Clear();
            sequence.Budget = DraftBudget.Chain(Depth);
            speculator.Propose([sequence]);
            drafts.Add(sequence.Draft.Tokens.ToArray());
        }
        decoder.Release(sequence);
        slots.Base.Publish(null);
        return new StatedCompletion(sequence.Tokens.ToArray(), prompt.Length, [.. recorder.States], [.. drafts]);
    }

    public void Dispose()
    {
        _pair.Dispose();
        _engine.Dispose();
        _ends.Dispose();
        _sidecarEngine.Dispose();
    }

    private sealed class Recorder(ITargetRows target, int width) : IVerificationObserver
    {
        public List<float[]> States { get; } = [];

        public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
        {
            Assert.True(target.TryGetRows(sequence, out var rows));
            for (int i = 0; i < emitted; i++)
            {
                float[] state = new float[width];
                rows.Result.Hidden.Read(rows.RowOfEmitted(accepted, i), state);
                States.Add(state);
            }
        }
    }
}
