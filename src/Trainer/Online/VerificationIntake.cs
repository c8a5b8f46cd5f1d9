using System.Collections.Concurrent;
using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Trainer.Online;

/// <summary>
/// The way from the decode path to the trainer: copies what a step verified into a reused record and puts it into a bounded channel, one for each
/// namespace, all together bounded too. Where the trainer does not keep up, the oldest record of the namespace with most of them is dropped and
/// counted (longest queue drop, Suter et al. 1999): of n namespaces with records, none loses one while it holds no more than an n-th of the
/// room, however much another produces. The trainer takes from them in turns. Decoding never waits; allocates nothing in steady state.
/// </summary>
internal sealed class VerificationIntake : IVerificationObserver
{
    // Beyond so many known namespaces those that have nothing waiting are forgotten.
    private const int MostIdleLanes = 256;

    private readonly IVerificationSource _source;
    private readonly string _speculator;
    private readonly int _maxRows;
    private readonly int _capacity;
    private readonly ConcurrentQueue<VerificationRecord> _free = new();
    private readonly Dictionary<string, IntakeLane> _laneOf = new(StringComparer.Ordinal);
    private readonly Action<VerificationRecord> _return;
    private readonly IntakeThinning _thinning;
    private IntakeLane[] _lanes = [];
    private int _turn;
    private long _dropped;
    private long _targetEpoch;

    /// <summary>An intake with all its records.</summary>
    /// <param name="target">Where states and probabilities are, and how many tokens a step emits at most.</param>
    /// <param name="options">Capacity and top k.</param>
    public VerificationIntake(TrainedTarget target, OnlineTrainerOptions options)
    {
        _source = target.Source;
        _speculator = target.SpeculatorName;
        _maxRows = target.MaxDraftNodes + 1;
        _capacity = options.ChannelCapacity;
        _return = Recycle;
        _thinning = new IntakeThinning(options.IntakeShare);
        // One more is being filled, one being read.
        for (int i = 0; i < _capacity + 2; i++) _free.Enqueue(new VerificationRecord(_maxRows, target.Heads.StateWidth, options.TopK));
    }

    /// <summary>Records dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Records of a namespace dropped so far, since it was last forgotten for having nothing to say.</summary>
    public long DroppedOf(string name) => LaneOf(name)?.Dropped ?? 0;

    /// <summary>Which of the target's weights are in use: rises when they are replaced.</summary>
    public long TargetEpoch => Interlocked.Read(ref _targetEpoch);

    /// <summary>Records that wait.</summary>
    public int Waiting
    {
        get
        {
            int waiting = 0;
            foreach (var lane in Volatile.Read(ref _lanes)) waiting += lane.Waiting;
            return waiting;
        }
    }

    /// <summary>Part of its share, 0 to 1, that taking in may use now; on the decoding thread.</summary>
    public double Allowed
    {
        set => _thinning.Allowed = value;
    }

    /// <summary>Decoding goes on after a rest; on the decoding thread.</summary>
    public void Resume() => _thinning.Resume();

    /// <summary>The target's weights have been replaced.</summary>
    public void BeginTargetEpoch() => Interlocked.Increment(ref _targetEpoch);

    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        long begin = Stopwatch.GetTimestamp();
        if (!_thinning.Takes(sequence.Id))
        {
            _thinning.Count(0, begin);
            return;
        }
        Take(sequence, accepted, emitted);
        long end = Stopwatch.GetTimestamp();
        _thinning.Count(end - begin, end);
    }

    private void Take(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        if (emitted > _maxRows || !_source.Knows(sequence)) return;
        if (!_free.TryDequeue(out var record))
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        record.Take(sequence, emitted);
        record.TargetEpoch = TargetEpoch;
        NoteDraft(record, sequence.Draft, accepted);
        _source.Fill(sequence, accepted, record);
        Write(record);
    }

    /// <summary>Takes the oldest record of the namespace whose turn it is; it must come back by <see cref="Return"/>. For one thread at a time.</summary>
    public bool TryTake(out VerificationRecord? record)
    {
        var lanes = Volatile.Read(ref _lanes);
        for (int tried = 0; tried < lanes.Length; tried++)
        {
            _turn = (_turn + 1) % lanes.Length;
            if (lanes[_turn].TryTake(out record)) return true;
        }
        record = null;
        return false;
    }

    /// <summary>Gives a record back to be used anew.</summary>
    public void Return(VerificationRecord record) => _free.Enqueue(record);

    /// <summary>Gives a record back that the trainer had no use for; it counts as dropped.</summary>
    public void Drop(VerificationRecord record)
    {
        LaneOf(record.Namespace)?.CountDropped();
        Recycle(record);
    }

    // Of a merged draft, what the learned speculator proposed itself.
    private void NoteDraft(VerificationRecord record, DraftTree draft, ReadOnlySpan<int> accepted)
    {
        record.DraftVersion = -1;
        for (int i = 0; i < draft.Speculators.Length; i++)
        {
            var speculator = draft.Speculators[i];
            if (speculator.Name != _speculator || !HasNodeOf(draft, i)) continue;
            record.DraftVersion = speculator.Version;
            record.DraftAccepted = !accepted.IsEmpty && (draft.Proposers[accepted[0]] >> i & 1) != 0;
        }
    }

    private static bool HasNodeOf(DraftTree draft, int speculator)
    {
        foreach (byte proposers in draft.Proposers)
            if ((proposers >> speculator & 1) != 0)
                return true;
        return false;
    }

    private void Write(VerificationRecord record)
    {
        if (!_laneOf.TryGetValue(record.Namespace, out var lane)) lane = Open(record.Namespace);
        if (Waiting >= _capacity) Longest(lane).DropOldest();
        lane.Write(record);
    }

    private IntakeLane? LaneOf(string name)
    {
        foreach (var lane in Volatile.Read(ref _lanes))
            if (lane.Name == name)
                return lane;
        return null;
    }

    // Of equal ones, the lane that is written to.
    private IntakeLane Longest(IntakeLane lane)
    {
        int longest = lane.Waiting;
        foreach (var other in _lanes)
            if (other.Waiting > longest)
                (lane, longest) = (other, other.Waiting);
        return lane;
    }

    // Readers see either array whole.
    private IntakeLane Open(string name)
    {
        if (_lanes.Length >= MostIdleLanes)
            foreach (var idle in _lanes)
                if (idle.Waiting == 0)
                    _laneOf.Remove(idle.Name);
        var lane = new IntakeLane(name, _capacity, _return);
        _laneOf.Add(name, lane);
        Volatile.Write(ref _lanes, [.. _lanes.Where(known => _laneOf.ContainsKey(known.Name)), lane]);
        return lane;
    }

    private void Recycle(VerificationRecord record)
    {
        Interlocked.Increment(ref _dropped);
        _free.Enqueue(record);
    }
}
