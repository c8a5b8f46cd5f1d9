using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Trainer.Online;

/// <summary>
/// Learns one namespace: batches from its replay, updates, and every so many updates a shadow test that decides whether the candidate takes the
/// published version's place. <see cref="RunPiece"/> does a small piece of it between two decoding steps; <see cref="Prepare"/> does in the
/// background what is too long for that: packing weights, publishing. Guarded by the trainer's lock.
/// </summary>
internal sealed class NamespaceLearner : IDisposable
{
    private const int TrialRows = 16;
    private const int RankedHotTokens = 50;

    private TrainedTarget _target;
    private readonly OnlineTrainerOptions _options;
    private readonly VersionPublisher _publisher;
    private readonly ITrainableHead _head;
    private readonly ShadowTrial _trial;
    private readonly LearningGate _gate;
    private readonly LiveRecord _live = new();
    private readonly HotVocabularyCounts _counts;
    private readonly HeadExample[] _batch;
    private readonly int[] _hot;
    private LearnerPhase _phase = LearnerPhase.Preparing;
    private LearnedWeights? _pending;
    private LearnedWeights? _predecessor;
    private ITrainableHead? _suspect;
    private double _candidateScore;
    private double _publishedScore = 1;
    private double _loss;
    private bool _rollsBack;
    private bool _reverts;
    private long _learned;
    private long _rejected;
    private long _rolledBack;
    private long _published;
    private long _refusedUpdates;

    /// <summary>A learner that begins with what is published, or with random weights.</summary>
    /// <param name="name">Its namespace.</param>
    /// <param name="target">What to follow.</param>
    /// <param name="options">How.</param>
    /// <param name="slot">Where versions go.</param>
    public NamespaceLearner(string name, TrainedTarget target, OnlineTrainerOptions options, LearnedSlot slot)
    {
        Name = name;
        _target = target;
        _options = options;
        _publisher = new VersionPublisher(target, slot);
        _head = target.NewHead(target.Base?.Weights, options.Seed);
        _trial = new ShadowTrial(Math.Min(TrialRows, target.Heads.MaxRows));
        _gate = new LearningGate(options);
        _batch = new HeadExample[options.BatchWindows];
        _hot = new int[target.Heads.HotVocabularySize];
        _counts = new HotVocabularyCounts(target.Heads.VocabularySize, options.HotHalfLife);
        Replay = new ReplayBuffer(options, target.Heads.StateWidth, new Random((int)(options.Seed * 31 + (ulong)name.Length)));
        if (target.Base is { } shipped) Begin(shipped);
    }

    /// <summary>Its namespace.</summary>
    public string Name { get; }

    /// <summary>What it learns from.</summary>
    public ReplayBuffer Replay { get; }

    /// <summary>What is published: the base, or a version of its own; null before the first.</summary>
    public LearnedWeights? Published => _publisher.Published;

    /// <summary>Optimizer updates applied.</summary>
    public long Updates { get; private set; }

    /// <summary>How it stands.</summary>
    public NamespaceStatistics Statistics => new(
        Name, Published?.Number ?? 0, Replay.Received, Replay.HeldOut.Count, Updates, _refusedUpdates, _published, _rolledBack, _rejected,
        _gate.Pauses, _gate.IsPaused(Replay.Received), _candidateScore, _publishedScore, _live.Rate, _loss);

    /// <summary>
    /// Whether there is reason to hope for more: there is something to learn from, and the last candidate gained, or there was none yet.
    /// </summary>
    public bool IsPromising => !_gate.HasFailed && HasFresh && Replay.Recent >= _options.LeastWindows;

    private bool HasFresh => _learned < Replay.Received * _options.PassesPerWindow;

    private bool IsSuspicious =>
        _predecessor is not null && Replay.HeldOut.Count >= _options.LeastHeldOut && _live.IsWorse(_options.LeastLiveDrafts);

    /// <summary>Continues from a checkpoint: its version is published as it was.</summary>
    public void Resume(LearnerCheckpoint checkpoint)
    {
        _head.ImportWeights(checkpoint.Learner);
        _head.ImportOptimizer(checkpoint.Learner, checkpoint.State.Updates);
        Updates = checkpoint.State.Updates;
        var weights = checkpoint.Weights();
        foreach (int token in weights.HotVocabulary) _counts.Add(token);
        if (weights.HotVocabulary.Length > 0) _head.SetHotVocabulary(weights.HotVocabulary);
        _publisher.Publish(weights);
        _live.Begin(weights.Number);
    }

    /// <summary>Weights from elsewhere: they are published at the next <see cref="Prepare"/>.</summary>
    public void Offer(LearnedWeights weights) => _pending = weights with { Number = _publisher.NextNumber };

    /// <summary>What <see cref="Resume"/> needs.</summary>
    public LearnerSnapshot Snapshot() => new(Name, _target.Fingerprint, Published!, _head, Updates);

    /// <summary>Takes note of a step's traffic.</summary>
    public void Observe(VerificationRecord record)
    {
        if (_head.NeedsHotVocabulary)
            for (int i = 1; i <= record.Count; i++) _counts.Add(record.Tokens[i]);
        if (record.DraftVersion >= 0) _live.Add(record.DraftVersion, record.DraftAccepted);
    }

    /// <summary>Takes a complete window. While a trial is under way its windows stay as they are, so no held-out one is taken.</summary>
    public void Add(SequenceTail tail)
    {
        bool testing = _phase is LearnerPhase.TestingCandidate or LearnerPhase.TestingPublished or LearnerPhase.TestingPredecessor;
        if (!(tail.IsHeldOut && testing)) Replay.Add(tail);
    }

    /// <summary>The target's weights have been replaced: what its states were says nothing about what they are.</summary>
    public void ForgetStates(TrainedTarget target)
    {
        _target = target;
        Replay.Clear();
        _phase = LearnerPhase.Preparing;
        _live.Acquit();
    }

    /// <summary>Background work: publishes what waits, frees heads that nobody drafts with, and gets ready for what comes next.</summary>
    public void Prepare()
    {
        _publisher.FreeRetired();
        if (_pending is { } pending) Publish(pending);
        if (_phase != LearnerPhase.Preparing) return;
        if (_reverts && Published is { } published) published.ApplyTo(_head);
        _reverts = false;
        if (_head.NeedsHotVocabulary) RefreshHotVocabulary();
        if (IsSuspicious) BeginSuspicion();
        else if (!_head.NeedsHotVocabulary || _head.HotVocabulary.Length > 0) _phase = LearnerPhase.Waiting;
    }

    /// <summary>A small piece of learning or testing; false where there is nothing to do now.</summary>
    public bool RunPiece()
    {
        switch (_phase)
        {
            case LearnerPhase.Waiting: return BeginBatch();
            case LearnerPhase.Learning: return ContinueBatch();
            case LearnerPhase.Updating: return ContinueUpdate();
            case LearnerPhase.TestingCandidate: return ContinueCandidate();
            case LearnerPhase.TestingPublished: return ContinuePublished();
            case LearnerPhase.TestingPredecessor: return ContinuePredecessor();
            default: return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _publisher.Dispose();
        _suspect?.Dispose();
        _head.Dispose();
    }

    private bool BeginBatch()
    {
        if (IsSuspicious)
        {
            _phase = LearnerPhase.Preparing;
            return false;
        }
        if (Replay.Recent < _options.LeastWindows || !HasFresh || _gate.IsPaused(Replay.Received)) return false;
        Replay.Draw(_batch);
        _learned += _batch.Length;
        _head.BeginAccumulate(_batch);
        _phase = LearnerPhase.Learning;
        return true;
    }

    private bool ContinueBatch()
    {
        if (_head.Continue()) return true;
        _loss = _head.LastLoss;
        _head.BeginUpdate(_options.Step);
        _phase = LearnerPhase.Updating;
        return true;
    }

    private bool ContinueUpdate()
    {
        if (_head.Continue()) return true;
        if (_head.LastUpdate.Applied) Updates++;
        else _refusedUpdates++;
        bool tests = _head.LastUpdate.Applied && Updates % _options.UpdatesPerCandidate == 0 && Replay.HeldOut.Count >= _options.LeastHeldOut;
        _phase = tests ? LearnerPhase.TestingCandidate : LearnerPhase.Waiting;
        if (tests) _trial.Begin(_head, Replay.HeldOut);
        return true;
    }

    private bool ContinueCandidate()
    {
        if (_trial.Continue()) return true;
        _candidateScore = _trial.Score;
        _rollsBack = false;
        TestPublished();
        return true;
    }

    private void TestPublished()
    {
        _phase = LearnerPhase.TestingPublished;
        if (_publisher.Reference is { } reference) _trial.Begin(reference, Replay.HeldOut);
    }

    private bool ContinuePublished()
    {
        if (_publisher.Reference is not null && _trial.Continue()) return true;
        _publishedScore = _publisher.Reference is null ? 1 : _trial.Score;
        if (_rollsBack)
        {
            _trial.Begin(_suspect!, Replay.HeldOut);
            _phase = LearnerPhase.TestingPredecessor;
            return true;
        }
        if (_candidateScore > _publishedScore + _options.PublishMargin)
        {
            _gate.Gained();
            _pending = LearnedWeights.Of(_head, _publisher.NextNumber, _candidateScore);
        }
        else
        {
            _rejected++;
            // What did not gain in several tries is given up: the next begins from what is published.
            _reverts = _gate.Failed(Replay.Received);
        }
        _phase = LearnerPhase.Preparing;
        return true;
    }

    // The live record looks bad. Either the version is, or the traffic has changed: the newest held-out examples tell.
    private void BeginSuspicion()
    {
        _suspect?.Dispose();
        _suspect = _target.NewHead(_predecessor!);
        _rollsBack = true;
        TestPublished();
    }

    private bool ContinuePredecessor()
    {
        if (_trial.Continue()) return true;
        if (_trial.Score > _publishedScore + _options.PublishMargin)
        {
            _pending = _predecessor! with { Number = _publisher.NextNumber, ShadowScore = _trial.Score };
            _rolledBack++;
            _reverts = true;
        }
        _live.Acquit();
        _predecessor = null;
        _rollsBack = false;
        _phase = LearnerPhase.Preparing;
        return true;
    }

    private void Publish(LearnedWeights weights)
    {
        bool returns = _reverts;
        _predecessor = returns ? null : Published;
        _publisher.Publish(weights);
        _live.Begin(weights.Number);
        if (returns) _live.Acquit();
        else _published++;
        _pending = null;
        _suspect?.Dispose();
        _suspect = null;
    }

    private void Begin(LearnedWeights shipped)
    {
        foreach (int token in shipped.HotVocabulary) _counts.Add(token);
        if (shipped.HotVocabulary.Length > 0) _head.SetHotVocabulary(shipped.HotVocabulary);
        _publisher.Adopt(shipped);
        _live.Begin(shipped.Number);
    }

    // A new vocabulary costs a pass over the target's output rows, so small changes wait.
    private void RefreshHotVocabulary()
    {
        int count = _counts.Select(_hot);
        if (count == 0) return;
        var current = _head.HotVocabulary;
        int missing = 0;
        foreach (int token in _hot.AsSpan(0, count))
            if (current.BinarySearch(token) < 0)
                missing++;
        if (missing * RankedHotTokens <= current.Length && current.Length > 0) return;
        _head.SetHotVocabulary(_hot.AsSpan(0, count));
    }
}
