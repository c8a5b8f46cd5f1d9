using Atlas.Compute.Cpu.Tokens;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Host.Speculation;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Trainer.Online;

namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// A sidecar's learned speculators and who teaches them: over tokens alone, with the suffix speculator beside it, and over the target's hidden states
/// where the target's embedding and output rows are here and its states are sent. Used under the engine's lock.
/// </summary>
internal sealed class SidecarLearners : IVerificationObserver, IDisposable
{
    // Beside what is learned of tokens, whose checkpoints stand where they stand without hidden states.
    private const string StatesFolder = "states";

    private readonly StateHeads? _heads;
    private readonly ReportedStates? _reported;
    private readonly IVerificationObserver[] _observers;

    /// <summary>Learners that know what their checkpoints hold.</summary>
    /// <param name="settings">What is drafted for.</param>
    /// <param name="feedback">What the server says of what it commits.</param>
    /// <param name="mostEmitted">Most tokens of a step.</param>
    /// <param name="minPathConfidence">Where drafting stops on a path.</param>
    public SidecarLearners(SidecarSettings settings, CommitFeedback feedback, int mostEmitted, float minPathConfidence)
    {
        _heads = settings.StateHeads;
        var tokenHeads = new CpuTokenHeads(new TokenHeadConfig(), settings.VocabularySize);
        var suffix = new SuffixOptions { VocabularySize = settings.VocabularySize, MemoryLimit = settings.MemoryLimit };
        string textName = _heads is null ? StrategyNames.Learned : StrategyNames.LearnedText;
        Text = new TextSpeculators(tokenHeads, suffix, minPathConfidence, textName);
        TextOptions = OnlineTrainerOptions.TokensAlone with { MemoryLimit = settings.MemoryLimit, CheckpointDirectory = settings.CheckpointDirectory };
        var ofText = new TrainedTarget(tokenHeads, feedback, mostEmitted - 1, settings.Fingerprint) { SpeculatorName = textName };
        var text = new OnlineTrainer(ofText.WithUntrainedBase(), Text.Slots, TextOptions);
        OnlineTrainer? states = null;
        if (_heads is { } heads)
        {
            _reported = new ReportedStates(feedback);
            var slots = new LearnedSlots();
            OnStates = new LearnedSpeculator(
                _reported, settings.VocabularySize, slots, new LearnedSpeculatorOptions { Name = StrategyNames.Learned, MinPathConfidence = minPathConfidence });
            var ofStates = new TrainedTarget(heads.Factory, feedback, feedback, mostEmitted - 1, StatesFingerprint(settings.Fingerprint)) { Base = heads.Base };
            string? folder = settings.CheckpointDirectory is { } directory ? Path.Combine(directory, StatesFolder) : null;
            states = new OnlineTrainer(ofStates, slots, settings.StateTrainer with { MemoryLimit = settings.MemoryLimit, CheckpointDirectory = folder });
        }
        Trainers = new StackTrainers(states, text);
        _observers = [.. Trainers.Observers, .. _reported is null ? Array.Empty<IVerificationObserver>() : [_reported]];
    }

    /// <summary>The speculators that need the text alone.</summary>
    public TextSpeculators Text { get; }

    /// <summary>The learned speculator over hidden states; null where there is none.</summary>
    public LearnedSpeculator? OnStates { get; }

    /// <summary>Who teaches them.</summary>
    public StackTrainers Trainers { get; }

    /// <summary>How the one over tokens is taught, and where what is learned is kept.</summary>
    public OnlineTrainerOptions TextOptions { get; }

    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        foreach (var observer in _observers) observer.OnVerified(sequence, accepted, emitted);
    }

    /// <summary>Lets go of a sequence's state.</summary>
    public void Release(DecodeSequence sequence) => _reported?.Release(sequence);

    /// <summary>The target has changed: its states and what was said of its probabilities are stale.</summary>
    public void TargetReplaced(string fingerprint)
    {
        Trainers.States?.TargetReplaced(StatesFingerprint(fingerprint));
        Trainers.Text!.TargetReplaced(fingerprint);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Trainers.Dispose();
        Text.Dispose();
    }

    private string StatesFingerprint(string target) => $"{target}/{_heads!.Fingerprint}";
}
