using Atlas.Compute.Cpu;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Engine;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Rollouts;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Speculator.Static;
using Atlas.Target;

namespace Atlas.Evaluation.Tests.PolicyGradient;

/// <summary>A random policy of few tokens on the embedded engine, and strategies that draw from it.</summary>
internal sealed class TinyPolicy : IDisposable
{
    public const int End = 0;
    private const int Lookahead = 3;

    private readonly IDecoder _draft;

    public TinyPolicy(int places = 12)
    {
        Start = new RandomWeights(Config, 3);
        Serving = Engine.LoadDecoder(Config, Start, new DecoderOptions { MaxSequences = places });
        _draft = Engine.LoadDecoder(Config, Start, new DecoderOptions { MaxSequences = places });
    }

    public static ModelConfig Config { get; } = new()
    {
        ModelType = "llama",
        VocabularySize = 24,
        HiddenSize = 16,
        IntermediateSize = 32,
        Layers = 1,
        Heads = 2,
        KvHeads = 1,
        HeadDim = 8,
        ContextLength = 64,
        EndTokens = [End],
    };

    public CpuEngine Engine { get; } = new(new CpuEngineOptions { Threads = 1 });

    public RandomWeights Start { get; }

    public IDecoder Serving { get; }

    public RolloutStrategy Plain() => Create("plain", new NoSpeculator(), DraftBudget.None, TimeProvider.System, null);

    public RolloutStrategy Static(SimulatedMachine? machine = null) =>
        Create("static", new StaticSpeculator(_draft, new StaticSpeculatorOptions()), DraftBudget.Chain(Lookahead), machine?.Clock ?? TimeProvider.System, machine);

    public RolloutStrategy Suffix() => Create(
        "suffix", new SuffixSpeculator(new SuffixOptions { VocabularySize = Config.VocabularySize }), DraftBudget.Chain(Lookahead), TimeProvider.System, null);

    public RolloutStrategy PlainOn(SimulatedMachine machine) => Create("plain", new NoSpeculator(), DraftBudget.None, machine.Clock, machine);

    /// <summary>Samples of some prompts, each of its own length and seed.</summary>
    public static List<RolloutRequest> Requests(int prompts, int group, int step = 0, int maxTokens = 12)
    {
        var requests = new List<RolloutRequest>();
        for (int prompt = 0; prompt < prompts; prompt++)
        {
            int[] tokens = [.. Enumerable.Range(0, 3 + prompt).Select(i => 1 + (i * 5 + prompt) % 20)];
            for (int sample = 0; sample < group; sample++)
                requests.Add(new RolloutRequest("tiny", prompt, tokens, (ulong)(step * 1000 + prompt * 100 + sample), maxTokens));
        }
        return requests;
    }

    public void Dispose()
    {
        _draft.Dispose();
        Serving.Dispose();
        Engine.Dispose();
    }

    private RolloutStrategy Create(string name, ISpeculator speculator, DraftBudget budget, TimeProvider clock, SimulatedMachine? machine)
    {
        var target = new TargetModel(Serving, Lookahead);
        ITarget seen = machine is null ? target : new TimedTarget(target, machine, TimeProvider.System);
        var drafting = machine is null || budget.Depth == 0 ? speculator : new TimedSpeculator(speculator, 0, machine, TimeProvider.System);
        var decoder = new SpeculativeDecoder(seen, drafting, new FixedPlanner(budget), new CoupledVerifier());
        return new RolloutStrategy(new Strategy(name, decoder, Lookahead), target) { Clock = clock };
    }
}
