using Atlas.Compute.Cpu.Tokens;
using Atlas.Controller;
using Atlas.Controller.Guard;
using Atlas.Controller.Latency;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Engine;
using Atlas.Evaluation.Benchmarks;
using Atlas.Evaluation.Rollouts;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Speculator.Adaptive.Recall;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Speculator.Static;
using Atlas.Target;
using Atlas.Trainer.Online;

namespace Atlas.Host.Speculation;

/// <summary>
/// Composes <see cref="DecodingStack"/>s over a loaded pair: the one place where target, speculators, controller and trainer meet. The
/// machine's latencies are measured once, when the first stack with a controller is asked for. Used from the decoding thread.
/// </summary>
/// <param name="engine">Where the models are loaded.</param>
/// <param name="pair">The models; they must have room for two sequences while latencies are measured.</param>
/// <param name="maxBatch">Most sequences that are decoded at once.</param>
internal sealed class StackFactory(IComputeEngine engine, ModelPair pair, int maxBatch = 1)
{
    private const int RowsPerSequence = 16;

    // Below the checkpoint directory; namespaces' folders are named by hashes.
    private const string TextFolder = "text";

    private LatencyProfile? _latency;
    private DraftCost? _staticCost;
    private LearnedBases? _shipped;

    /// <summary>Whether the engine trains heads, so that the learned speculator can take part.</summary>
    public bool TrainsHeads => Engines.TrainHeads(engine);

    /// <summary>Composes a stack.</summary>
    /// <exception cref="UsageException">The strategy lacks what it needs.</exception>
    /// <exception cref="Modeling.CheckpointException">The checkpoint directory holds what was learned from another target or tokenizer, or the head beside the target is damaged.</exception>
    public DecodingStack Create(SpeculationChoice choice, StackOptions? options = null)
    {
        options ??= new StackOptions();
        var parts = StackParts.Of(choice.Speculator, pair.Draft is not null, TrainsHeads).Without(options.Without);
        // Before anything is made that would have to be freed again.
        CheckpointsOf(options)?.Check();
        return parts.Adaptive && !options.FixedBudget ? CreateAdaptive(parts, choice, options) : CreateFixed(parts, choice, options);
    }

    // The same budget in every step.
    private DecodingStack CreateFixed(StackParts parts, SpeculationChoice choice, StackOptions options)
    {
        var target = new TargetModel(pair.Target, choice.Budget.Nodes);
        var (speculators, trainers) = Speculators(parts, choice, target, options);
        var drafting = speculators.Select((one, index) => Wrapped(one, index, options)).ToList();
        ISpeculator speculator = drafting.Count switch { 0 => new NoSpeculator(), 1 => drafting[0], _ => new MergedSpeculator(drafting) };
        IVerifier verifier = choice.Rejection ? new RejectionVerifier() : new CoupledVerifier();
        bool learns = trainers.Any && options.Learns;
        var suffix = speculators.OfType<SuffixSpeculator>().FirstOrDefault();
        var learners = Learners(speculators, trainers, learns);
        return new DecodingStack
        {
            Decoder = new SpeculativeDecoder(
                Priced(target, options), speculator, Planned(new FixedPlanner(choice.Budget), options), verifier,
                learners.Count > 0 ? new VerificationObservers([.. learners]) : null),
            Target = target,
            Suffix = suffix,
            Recall = speculators.OfType<RecallSpeculator>().FirstOrDefault(),
            DraftCapacity = choice.Budget.Nodes,
            Trainers = trainers,
            Memory = MemoryOf(suffix, null, options),
            Learns = learns,
        };
    }

    // The controller decides whom to ask, how far, and what is verified.
    private DecodingStack CreateAdaptive(StackParts parts, SpeculationChoice choice, StackOptions options)
    {
        var profiles = Profiles(parts, choice.Limit, options.Machine);
        int verified = Math.Min(SpeculatorProfiles.VerifiedNodes, profiles.Sum(p => p.MaxNodes));
        var target = new TargetModel(pair.Target, verified);
        var (speculators, trainers) = Speculators(parts, choice, target, options);
        var drift = new DriftLog();
        var planner = new AdaptivePlanner(target, new ControllerOptions
        {
            Speculators = profiles,
            Latency = options.Machine?.Latency ?? Latency(),
            Clock = ClockOf(options),
            DriftObserver = drift,
            Guard = new GuardOptions { Enabled = options.Guarded },
        });
        var timed = speculators.Select((speculator, index) =>
            (ISpeculator)new TimedSpeculator(Wrapped(speculator, index, options), index, planner, ClockOf(options))).ToList();
        bool learns = trainers.Any && options.Learns;
        var suffix = speculators.OfType<SuffixSpeculator>().FirstOrDefault();
        var learners = Learners(speculators, trainers, learns);
        IVerificationObserver observer = learners.Count > 0
            ? new TimedObserver(new VerificationObservers([planner, .. learners]), planner, ClockOf(options))
            : planner;
        return new DecodingStack
        {
            Decoder = new SpeculativeDecoder(
                new TimedTarget(Priced(target, options), planner, ClockOf(options)), timed.Count == 1 ? timed[0] : new MergedSpeculator(timed),
                Planned(planner, options), new CoupledVerifier(), observer),
            Target = target,
            Suffix = suffix,
            Recall = speculators.OfType<RecallSpeculator>().FirstOrDefault(),
            DraftCapacity = profiles.Sum(p => p.MaxNodes),
            Planner = planner,
            Trainers = trainers,
            Memory = MemoryOf(suffix, planner, options),
            Drift = drift,
            Learns = learns,
        };
    }

    // Those who learn from what a step verified.
    private static IReadOnlyList<IVerificationObserver> Learners(IReadOnlyList<ISpeculator> speculators, StackTrainers trainers, bool learns) =>
        [.. speculators.OfType<IVerificationObserver>(), .. learns ? trainers.Observers : []];

    // Suffix stores and calibration are kept beside the learner's checkpoints.
    private StackMemory? MemoryOf(SuffixSpeculator? suffix, AdaptivePlanner? planner, StackOptions options)
    {
        if (CheckpointsOf(options) is not { } checkpoints || (suffix is null && planner is null)) return null;
        return new StackMemory(checkpoints, suffix, planner, options.Trainer.CheckpointInterval);
    }

    private MemoryCheckpoints? CheckpointsOf(StackOptions options) => options is { Learns: true, Trainer.CheckpointDirectory: { } directory }
        ? new MemoryCheckpoints(directory, pair.LearningFingerprint, options.Trainer.CheckpointsKept)
        : null;

    private static ISpeculator Wrapped(ISpeculator speculator, int index, StackOptions options)
    {
        var drafting = options.Drafting?.Invoke(speculator) ?? speculator;
        return options.Machine is { } machine ? new TimedSpeculator(drafting, index, machine, TimeProvider.System) : drafting;
    }

    // On a simulated machine, time passes by what was asked.
    private static ITarget Priced(TargetModel target, StackOptions options) =>
        options.Machine is { } machine ? new TimedTarget(target, machine, TimeProvider.System) : target;

    private static TimeProvider ClockOf(StackOptions options) => options.Machine?.Clock ?? TimeProvider.System;

    private static IPlanner Planned(IPlanner planner, StackOptions options) => options.Planning?.Invoke(planner) ?? planner;

    // In the order of the profiles.
    private (List<ISpeculator> Speculators, StackTrainers Trainers) Speculators(
        StackParts parts, SpeculationChoice choice, TargetModel target, StackOptions options)
    {
        List<ISpeculator> speculators = [];
        if (parts.Static) speculators.Add(new StaticSpeculator(pair.Draft!, new StaticSpeculatorOptions { MinPathConfidence = choice.MinPathConfidence ?? 0f }));
        if (parts.Suffix) speculators.Add(new SuffixSpeculator(SuffixOptionsFor(choice)));
        if (parts.Recall) speculators.Add(new RecallSpeculator(target, pair.Config.HiddenSize, RecallOptionsFor(choice)));
        var (onStates, states) = parts.Learned ? LearnedOnStates(choice, target, options) : default;
        if (onStates is not null) speculators.Add(onStates);
        if (!parts.LearnedText) return (speculators, new StackTrainers(states, null));
        var (onText, text) = LearnedOnText(choice, target, options);
        speculators.Add(onText.Speculator);
        return (speculators, new StackTrainers(states, text, onText));
    }

    private (LearnedSpeculator Speculator, OnlineTrainer Trainer) LearnedOnStates(SpeculationChoice choice, TargetModel target, StackOptions options)
    {
        var slots = new LearnedSlots();
        var trained = new TrainedTarget(engine, pair.Target, target, target.MaxDraftNodes, pair.LearningFingerprint, HeadShape.Of(pair.Config, engine))
        {
            Base = BasesOf(options).States,
        };
        var speculator = new LearnedSpeculator(target, pair.Config.VocabularySize, slots, LearnedOptions(StrategyNames.Learned, choice));
        return (speculator, new OnlineTrainer(trained, slots, options.Trainer));
    }

    // An untrained head copies, so that there is something to draft with from the first token on.
    private (TextLearned Learned, OnlineTrainer Trainer) LearnedOnText(SpeculationChoice choice, TargetModel target, StackOptions options)
    {
        var heads = new CpuTokenHeads(new TokenHeadConfig(), pair.Config.VocabularySize);
        var trained = new TrainedTarget(heads, null, target.MaxDraftNodes, pair.LearningFingerprint) { SpeculatorName = StrategyNames.LearnedText };
        trained = BasesOf(options).Text is { } weights ? trained with { Base = weights } : trained.WithUntrainedBase();
        var learned = new TextLearned(heads, LearnedOptions(StrategyNames.LearnedText, choice));
        string? directory = options.Trainer.CheckpointDirectory is { } root ? Path.Combine(root, TextFolder) : null;
        return (learned, new OnlineTrainer(trained, learned.Slots, options.TextTrainer with { CheckpointDirectory = directory }));
    }

    private LearnedBases BasesOf(StackOptions options) => options.Bases ?? (_shipped ??= LearnedBases.ShippedWith(pair));

    private static LearnedSpeculatorOptions LearnedOptions(string name, SpeculationChoice choice) =>
        new() { Name = name, MinPathConfidence = choice.MinPathConfidence ?? 0f };

    private SuffixOptions SuffixOptionsFor(SpeculationChoice choice)
    {
        var options = new SuffixOptions { VocabularySize = pair.Config.VocabularySize };
        return choice.MinPathConfidence is { } least ? options with { MinPathConfidence = least } : options;
    }

    private RecallOptions RecallOptionsFor(SpeculationChoice choice)
    {
        var options = new RecallOptions { VocabularySize = pair.Config.VocabularySize };
        return choice.MinPathConfidence is { } least ? options with { MinPathConfidence = least } : options;
    }

    private List<SpeculatorProfile> Profiles(StackParts parts, DraftBudget limit, SimulatedMachine? machine)
    {
        List<SpeculatorProfile> profiles = [];
        if (parts.Static) profiles.Add(SpeculatorProfiles.Static(machine is null ? StaticCost() : default));
        if (parts.Suffix) profiles.Add(SpeculatorProfiles.Suffix);
        if (parts.Recall) profiles.Add(SpeculatorProfiles.Recall);
        if (parts.Learned) profiles.Add(SpeculatorProfiles.Learned);
        if (parts.LearnedText) profiles.Add(SpeculatorProfiles.LearnedText);
        if (machine is not null) profiles = [.. profiles.Select((profile, index) => profile with { Cost = machine.CostOf(index) })];
        return [.. profiles.Select(profile => SpeculatorProfiles.Within(profile, limit))];
    }

    private LatencyProfile Latency()
    {
        if (_latency is not null) return _latency;
        using var probe = new TargetProbe(pair.Target, Math.Max(RowsPerSequence, RowsPerSequence * maxBatch / 2));
        return _latency = LatencyProfile.Measure(probe);
    }

    private DraftCost StaticCost() =>
        _staticCost ??= DraftProbe.Measure(new StaticSpeculator(pair.Draft!, new StaticSpeculatorOptions()), pair.Config.VocabularySize);
}
