using Atlas.Controller;
using Atlas.Controller.Drift;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Evaluation.Replay;

/// <summary>Composes <see cref="ReplayStack"/>s: the speculators of the sidecar path, which see tokens alone, before a recorded target.</summary>
/// <param name="heads">The learned speculator's heads, over the trace's vocabulary.</param>
/// <param name="options">How to replay.</param>
public sealed class ReplayStacks(IHeadFactory heads, ReplayOptions options)
{
    /// <summary>A fresh stack.</summary>
    /// <param name="name">One of <see cref="ReplayStrategies.All"/>.</param>
    /// <exception cref="ArgumentException">It is another name.</exception>
    public ReplayStack Create(string name) => name switch
    {
        ReplayStrategies.Plain => CreateFixed(name, suffix: false, learned: false),
        ReplayStrategies.Suffix => CreateFixed(name, suffix: true, learned: false),
        ReplayStrategies.Learned => CreateFixed(name, suffix: false, learned: true),
        ReplayStrategies.Merged => CreateFixed(name, suffix: true, learned: true),
        ReplayStrategies.Atlas => CreateAdaptive(name),
        _ => throw new ArgumentException($"there is no replay strategy '{name}'; expected one of {string.Join(", ", ReplayStrategies.All)}", nameof(name)),
    };

    // The same budget in every step; what two speculators draft is joined.
    private ReplayStack CreateFixed(string name, bool suffix, bool learned)
    {
        var clock = new ReplayClock(options.Clock);
        var meter = new DraftMeter();
        var speculators = new List<ISpeculator>();
        ReplayLearner? learner = null;
        if (suffix) speculators.Add(Timed(NewSuffix(), speculators.Count, meter, clock));
        if (learned) speculators.Add(Timed(NewLearned(options.MinPathConfidence, out learner), speculators.Count, meter, clock));
        int nodes = options.Lookahead * Math.Max(1, speculators.Count);
        var budget = speculators.Count == 0 ? DraftBudget.None : new DraftBudget(options.Lookahead, nodes, 1);
        var target = new RecordedTarget(clock, options.Latency, nodes);
        ISpeculator speculator = speculators.Count switch { 0 => new NoSpeculator(), 1 => speculators[0], _ => new MergedSpeculator(speculators) };
        return new ReplayStack
        {
            Name = name,
            Decoder = new SpeculativeDecoder(target, speculator, new FixedPlanner(budget), new CoupledVerifier(), learner),
            Target = target,
            Meter = meter,
            Clock = clock,
            DraftCapacity = nodes,
            Learner = learner,
        };
    }

    // The controller decides whom to ask, how far, and what is verified.
    private ReplayStack CreateAdaptive(string name)
    {
        var clock = new ReplayClock(options.Clock);
        var target = new RecordedTarget(clock, options.Latency, options.VerifiedNodes);
        var drifts = new DriftEvents();
        var planner = new AdaptivePlanner(target, new ControllerOptions
        {
            Speculators = [options.Suffix, options.Learned],
            Latency = options.Latency,
            Clock = clock,
            DriftObserver = drifts,
        });
        var meter = new DraftMeter(planner);
        var merged = new MergedSpeculator([Timed(NewSuffix(), 0, meter, clock), Timed(NewLearned(0f, out var learner), 1, meter, clock)]);
        return new ReplayStack
        {
            Name = name,
            Decoder = new SpeculativeDecoder(
                new TimedTarget(target, meter, clock), merged, planner, new CoupledVerifier(), new VerificationObservers(planner, learner)),
            Target = target,
            Meter = meter,
            Clock = clock,
            DraftCapacity = options.Suffix.MaxNodes + options.Learned.MaxNodes,
            Planner = planner,
            Learner = learner,
            Drifts = drifts.All,
        };
    }

    private static TimedSpeculator Timed(ISpeculator speculator, int index, DraftMeter meter, ReplayClock clock) => new(speculator, index, meter, clock);

    private SuffixSpeculator NewSuffix() =>
        new(new SuffixOptions { VocabularySize = heads.VocabularySize, MinPathConfidence = options.MinPathConfidence });

    private LearnedSpeculator NewLearned(float minPathConfidence, out ReplayLearner learner)
    {
        var slots = new LearnedSlots();
        learner = new ReplayLearner(heads, slots, options.Step);
        return new LearnedSpeculator(new TextStates(heads), heads.VocabularySize, slots, new LearnedSpeculatorOptions { MinPathConfidence = minPathConfidence });
    }

    private sealed class DriftEvents : IDriftObserver
    {
        public List<DriftEvent> All { get; } = [];

        public void OnDrift(in DriftEvent drift) => All.Add(drift);
    }
}
