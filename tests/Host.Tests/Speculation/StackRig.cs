using Atlas.Compute.Cpu;
using Atlas.Conformance.Models;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Trainer.Online;

namespace Atlas.Host.Tests.Speculation;

/// <summary>A pair on the embedded engine, and requests that its stacks decode in batches which sequences join and leave all the time.</summary>
internal sealed class StackRig : IDisposable
{
    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 2 });
    private readonly ModelPair _pair;
    private readonly StackFactory _stacks;
    private readonly int[][] _prompts;

    /// <param name="target">Directory of the target.</param>
    /// <param name="draft">Directory of the draft model; null for none.</param>
    /// <param name="batch">Most sequences at once.</param>
    public StackRig(string target, string? draft, int batch)
    {
        Batch = batch;
        _pair = ModelPair.Open(new ModelChoice(target, draft, WeightFormat.BF16));
        _pair.Load(_engine, new DecoderOptions { MaxSequences = Math.Max(2, batch) }, withDraft: true);
        _stacks = new StackFactory(_engine, _pair, batch);
        string[] texts =
        [
            "Please add 482 and 77.\n>>>\n", "one two three four one two three four one two", "{\"name\": \"get\", \"id\": 1, \"name\": \"get\"",
            "a", "Change x to y in: let x = x + x;\n>>>\n",
        ];
        _prompts = [.. texts.Select(text => _pair.RequireTokenizer().Encode(text, addSpecialTokens: true))];
    }

    public int Batch { get; }

    public ModelConfig Config => _pair.Config;

    /// <summary>A stack whose learned speculator drafts from the first step on, and publishes versions as fast as it can.</summary>
    public DecodingStack Create(string strategy)
    {
        var budget = strategy is StrategyNames.Static or StrategyNames.Merged ? new DraftBudget(4, 8, 2) : DraftBudget.None;
        var hot = Enumerable.Range(0, HeadShape.Of(Config, _engine).HotVocabularySize).ToArray();
        var trainer = new OnlineTrainerOptions { TrainingShare = 0.5, IntakeShare = 1, LeastWindows = 8, LeastHeldOut = 1, UpdatesPerCandidate = 1, HeldOutStride = 2 };
        return _stacks.Create(
            new SpeculationChoice(strategy, budget), new StackOptions { Trainer = trainer, Bases = new LearnedBases(new LearnedWeights(1, RandomHead(), hot), null) });
    }

    /// <summary>Decodes all requests; a new one joins in every step while there is a place.</summary>
    public DecodeSequence[] Decode(DecodingStack stack, int requests, int maxTokens)
    {
        var sequences = Enumerable.Range(0, requests).Select(i => new DecodeSequence(
            i, _prompts[i % _prompts.Length], Sampling(i), new StopRules(maxTokens - (i % 5 * 3), []), stack.DraftCapacity)).ToArray();
        var waiting = new Queue<DecodeSequence>(sequences);
        List<DecodeSequence> active = [];
        stack.Begin();
        while (waiting.Count + active.Count > 0)
        {
            if (active.Count < Batch && waiting.TryDequeue(out var next)) active.Add(next);
            stack.Decoder.Step(active.ToArray());
            stack.AfterStep();
            foreach (var ended in active.Where(s => s.Finish is not null)) stack.Decoder.Release(ended);
            active.RemoveAll(s => s.Finish is not null);
        }
        stack.End();
        return sequences;
    }

    public void Dispose()
    {
        _pair.Dispose();
        _engine.Dispose();
    }

    // Greedy, sampled, penalized and constrained requests beside each other.
    private SamplingOptions Sampling(int request) => (request % 4) switch
    {
        0 => SamplingOptions.Greedy,
        1 => new SamplingOptions { Temperature = 0.8f, TopK = 40, TopP = 0.95f, Seed = (ulong)request },
        2 => new SamplingOptions { Temperature = 0.5f, RepetitionPenalty = 1.2f, PresencePenalty = 0.3f, Seed = (ulong)request },
        _ => new SamplingOptions { Temperature = 0.7f, Seed = (ulong)request, Constraint = new DeadEndConstraint(Config.VocabularySize) },
    };

    private WeightsInMemory RandomHead()
    {
        var weights = new WeightsInMemory();
        using var head = _engine.CreateTrainableHead(HeadShape.Of(Config, _engine), _pair.Target, null, 7);
        head.ExportWeights(weights);
        return weights;
    }
}
