using Atlas.Controller;
using Atlas.Controller.Drift;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Evaluation.Replay;

/// <summary>Composes <see cref="ReplayStack"/>s: the speculators of the sidecar path, which see tokens alone, before a recorded target.</summary>
/// <param name="heads">The learned speculator's heads, over the trace's vocabulary.</param>
/// <param name="options">How to replay.</param>
public sealed class ReplayStacks(IHeadFactory heads, ReplayOptions options)
{
    /// <summary>A fresh stack.</summary>
    /// <param name="name">One of <see cref="ReplayStrategies.Recorded"/>.</param>
    /// <exception cref="ArgumentException">It is another name.</exception>
    public ReplayStack Create(string name) => name switch
    {
        ReplayStrategies.Plain => CreateFixed(name, suffix: false, learned: false),
        ReplayStrategies.Suffix => CreateFixed(name, suffix: true, learned: false),
        ReplayStrategies.Learned => CreateFixed(name, suffix: false, learned: true),
        ReplayStrategies.Merged => CreateFixed(name, suffix: true, learned: true),
        ReplayStrategies.Atlas => CreateAdaptive(name),
        _ => throw new ArgumentException($"there is no replay strategy '{name}'; expected one of {string.Join(", ", ReplayStrategies.Recorded)}", nameof(name)),
    };

    // The same budget in every step; what two speculators draft is joined.
    private ReplayStack CreateFixed(string name, bool suffix, bool learned)
    {
        var clock = new ReplayClock(options.Clock);
        var meter = new DraftMeter();
        var text = suffix || learned ? NewText(options.MinPathConfidence) : null;
        var learner = learned ? new ReplayLearner(heads, text!.Slots, options.Step) : null;
        var speculators = new List<ISpeculator>();
        if (suffix) speculators.Add(Timed(text!.Suffix, speculators.Count, meter, clock));
        if (learned) speculators.Add(Timed(text!.Learned, speculators.Count, meter, clock));
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
            Text = text,
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
        var text = NewText(learnedConfidence: 0f);
        var learner = new ReplayLearner(heads, text.Slots, options.Step);
        var merged = new MergedSpeculator([Timed(text.Suffix, 0, meter, clock), Timed(text.Learned, 1, meter, clock)]);
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
            Text = text,
            Learner = learner,
            Drifts = drifts.All,
        };
    }

    private static TimedSpeculator Timed(ISpeculator speculator, int index, DraftMeter meter, ReplayClock clock) => new(speculator, index, meter, clock);

    private TextSpeculators NewText(float learnedConfidence) =>
        new(heads, new SuffixOptions { VocabularySize = heads.VocabularySize, MinPathConfidence = options.MinPathConfidence }, learnedConfidence);

    private sealed class DriftEvents : IDriftObserver
    {
        public List<DriftEvent> All { get; } = [];

        public void OnDrift(in DriftEvent drift) => All.Add(drift);
    }
}
