using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Trainer.Online;

/// <summary>
/// What a trainer holds, and all that it does: the learners of the namespaces within their memory, the windows being put together, the
/// checkpoints. Namespaces take turns piece by piece, so that one that is flooded takes no more than its share. Guarded by the trainer's lock.
/// </summary>
internal sealed class TrainerWork : IDisposable
{
    private readonly LearnedSlots _slots;
    private readonly OnlineTrainerOptions _options;
    private readonly WindowAssembler _assembler;
    private readonly LearnerCheckpoints? _checkpoints;
    private readonly LearnerAdmission _admission;
    private readonly Dictionary<string, NamespaceLearner> _learners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Version, long Time)> _saved = new(StringComparer.Ordinal);
    private readonly List<NamespaceLearner> _order = [];
    private readonly Action<SequenceTail> _complete;
    private readonly int _places;
    private readonly LearnedVersion? _base;
    private TrainedTarget _target;
    private NamespaceLearner? _current;
    private int _next;

    public TrainerWork(TrainedTarget target, LearnedSlots slots, OnlineTrainerOptions options)
    {
        _target = target;
        _slots = slots;
        _options = options;
        int width = target.Heads.StateWidth;
        _assembler = new WindowAssembler(options.WindowLength, width, options.TopK, options.HeldOutStride);
        _checkpoints = options.CheckpointDirectory is { } directory ? new LearnerCheckpoints(directory, options.CheckpointsKept) : null;
        _complete = tail => _current!.Add(tail);
        _places = (int)Math.Clamp(options.MemoryLimit / (target.Heads.LearnerBytes + ReplayBuffer.Bytes(options, width)), 1, int.MaxValue);
        _admission = new LearnerAdmission(options);
        if (target.Base is not { } shipped) return;
        _base = new LearnedVersion(shipped.Number, target.NewHead(shipped));
        slots.Base.Publish(_base);
    }

    /// <summary>Records taken in.</summary>
    public long Records { get; private set; }

    /// <summary>Records that could not be learned from.</summary>
    public long Refused { get; private set; }

    /// <summary>Records of replaced weights of the target.</summary>
    public long Stale { get; private set; }

    /// <summary>Records of namespaces that wait for a place.</summary>
    public long Unplaced { get; private set; }

    /// <summary>Namespaces given up for memory.</summary>
    public long Evicted { get; private set; }

    /// <summary>Failures in the background.</summary>
    public long Faults { get; private set; }

    /// <summary>The last of them.</summary>
    public string? LastFault { get; private set; }

    /// <summary>How the namespaces stand, by name.</summary>
    public IReadOnlyList<NamespaceStatistics> Namespaces => [.. _order.Select(l => l.Statistics).OrderBy(s => s.Name, StringComparer.Ordinal)];

    /// <summary>Whether any namespace has reason to hope for more from learning.</summary>
    public bool IsPromising
    {
        get
        {
            foreach (var learner in _order)
                if (learner.IsPromising)
                    return true;
            return false;
        }
    }

    /// <summary>Takes note of a failure.</summary>
    public void Fail(Exception failure)
    {
        Faults++;
        LastFault = failure.Message.ReplaceLineEndings(" ");
    }

    /// <summary>Takes in what a step verified; false where its namespace has no place among the learners, and nothing was taken.</summary>
    public bool Take(VerificationRecord record, long targetEpoch)
    {
        Records++;
        if (record.TargetEpoch != targetEpoch)
        {
            Stale++;
            return true;
        }
        if (!record.IsSound(_target.Heads.VocabularySize))
        {
            Refused++;
            return true;
        }
        _admission.Observe(record.Namespace, record.Count);
        if (!TryOpen(record.Namespace, out _current))
        {
            Unplaced++;
            return false;
        }
        _current!.Observe(record);
        _assembler.Add(record, _complete);
        _current = null;
        return true;
    }

    /// <summary>Background work of all namespaces.</summary>
    public void Prepare()
    {
        foreach (var learner in _order) learner.Prepare();
    }

    /// <summary>A piece of learning for the next namespace that has any to do; false where none has.</summary>
    public bool RunPiece()
    {
        for (int tried = 0; tried < _order.Count; tried++)
        {
            _next = (_next + 1) % _order.Count;
            if (_order[_next].RunPiece()) return true;
        }
        return false;
    }

    /// <summary>Weights from elsewhere, to be published for a namespace, which gets a place for them whatever its traffic is.</summary>
    public void Offer(string name, LearnedWeights weights)
    {
        if (!_learners.ContainsKey(name) && _order.Count >= _places) Evict(_admission.Weakest());
        TryOpen(name, out var learner);
        learner!.Offer(weights);
    }

    /// <summary>What a namespace has published.</summary>
    public LearnedWeights? Published(string name) => _learners.GetValueOrDefault(name)?.Published;

    /// <summary>Deletes all of a namespace.</summary>
    public bool Forget(string name)
    {
        bool known = Close(name);
        _admission.Forget(name);
        _assembler.Clear(name);
        _saved.Remove(name);
        return (_checkpoints?.Delete(name) ?? false) || known;
    }

    /// <summary>The target has other weights.</summary>
    public void TargetReplaced(string fingerprint)
    {
        _target = _target with { Fingerprint = fingerprint };
        _assembler.Clear();
        foreach (var learner in _order) learner.ForgetStates(_target);
    }

    /// <summary>
    /// Saves what was published since the last checkpoint, or where it is due; copies are made under the lock, files written outside of it.
    /// </summary>
    public void SaveDue(Lock gate, bool all)
    {
        if (_checkpoints is null) return;
        while (true)
        {
            LearnerSnapshot? snapshot;
            lock (gate) snapshot = NextDue(all);
            if (snapshot is null) return;
            try
            {
                _checkpoints.Save(snapshot);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                lock (gate) Fail(e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string name in _learners.Keys.ToArray()) Close(name);
        if (_base is null) return;
        _slots.Base.Publish(null);
        SpinWait.SpinUntil(() => !_slots.Base.Holds(_base));
        _base.Head.Dispose();
    }

    // Where all places are taken, the namespace gets another's only if that has brought much less of late.
    private bool TryOpen(string name, out NamespaceLearner? learner)
    {
        if (_learners.TryGetValue(name, out learner)) return true;
        if (_order.Count >= _places)
        {
            if (_admission.PlaceFor(name) is not { } other) return false;
            Evict(other);
        }
        learner = Open(name);
        return true;
    }

    private NamespaceLearner Open(string name)
    {
        var learner = new NamespaceLearner(name, _target, _options, _slots.Of(name));
        _learners.Add(name, learner);
        _order.Add(learner);
        _admission.Enter(name);
        using var checkpoint = _checkpoints?.OpenNewest(name, _target.Fingerprint);
        if (checkpoint is null) return learner;
        try
        {
            learner.Resume(checkpoint);
            _saved[name] = (checkpoint.State.Version, _options.Clock.GetTimestamp());
        }
        catch (Exception e) when (e is Modeling.CheckpointException or ArgumentException)
        {
            // A checkpoint of another shape: the namespace begins anew.
            Fail(e);
        }
        return learner;
    }

    private void Evict(string name)
    {
        var learner = _learners[name];
        if (_checkpoints is not null && NeedsSaving(learner)) Save(learner);
        Close(name);
        _saved.Remove(name);
        Evicted++;
    }

    private void Save(NamespaceLearner learner)
    {
        try
        {
            _checkpoints!.Save(Snapshot(learner));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    private bool Close(string name)
    {
        if (!_learners.Remove(name, out var learner)) return false;
        _order.Remove(learner);
        _admission.Leave(name);
        _next = 0;
        learner.Dispose();
        return true;
    }

    private LearnerSnapshot? NextDue(bool all)
    {
        foreach (var learner in _order)
        {
            if (!NeedsSaving(learner)) continue;
            bool due = !_saved.TryGetValue(learner.Name, out var saved) || _options.Clock.GetElapsedTime(saved.Time) >= _options.CheckpointInterval;
            if (due || all) return Snapshot(learner);
        }
        return null;
    }

    private bool NeedsSaving(NamespaceLearner learner) =>
        learner.Published is { Number: > 0 } published && (!_saved.TryGetValue(learner.Name, out var saved) || saved.Version != published.Number);

    private LearnerSnapshot Snapshot(NamespaceLearner learner)
    {
        _saved[learner.Name] = (learner.Published!.Number, _options.Clock.GetTimestamp());
        return learner.Snapshot();
    }
}
