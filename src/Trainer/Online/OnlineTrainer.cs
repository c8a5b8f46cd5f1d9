using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Trainer.Online;

/// <summary>
/// Learns from the traffic while it is served. <see cref="Observer"/> hears what each step verified; the decoding loop calls <see cref="Turn"/>
/// after each step, and learning happens there, in slices of a fraction of a millisecond within the configured share (thread priorities do
/// nothing on Linux, so a thread of its own would take a core in the middle of a step); a background thread does the rest: it takes in traffic,
/// makes versions ready, publishes and saves them, and learns while nothing is decoded. <see cref="Turn"/> never waits.
/// <para>
/// <see cref="Turn"/> and the observer belong to the decoding thread; everything else is safe from any thread.
/// </para>
/// </summary>
public sealed class OnlineTrainer : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMilliseconds(50);

    private readonly TrainerWork _work;
    private readonly VerificationIntake _intake;
    private readonly Lock _gate = new();
    private readonly TrainingCredit _credit;
    private readonly TrainingCredit _idleCredit;
    private readonly Lock _round = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly ManualResetEventSlim _running = new();
    private Thread? _thread;
    private long _lastTurn;
    private long _lastStep;
    private long _lastIdle;
    private long _turnTicks;
    private long _longestTurn;
    private long _backgroundTicks;
    private readonly double _leastPart;
    private volatile bool _promising = true;
    private bool _disposed;

    /// <summary>A trainer that has learned nothing yet; a shipped base is published at once.</summary>
    /// <param name="target">What heads learn to follow.</param>
    /// <param name="slots">Where versions go; <see cref="LearnedSpeculator"/> drafts with them.</param>
    /// <param name="options">How it works.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public OnlineTrainer(TrainedTarget target, LearnedSlots slots, OnlineTrainerOptions options)
    {
        options.Validate();
        SpeculatorName = target.SpeculatorName;
        _intake = new VerificationIntake(target, options);
        _work = new TrainerWork(target, slots, options);
        _credit = new TrainingCredit(options.TrainingShare, options.MostCredit);
        _leastPart = options.TrainingShare > 0 ? Math.Min(1, options.LeastShare / options.TrainingShare) : 1;
        _idleCredit = new TrainingCredit(options.IdleShare, options.MostCredit * 4);
    }

    /// <summary>The speculator whose weights it makes.</summary>
    public string SpeculatorName { get; }

    /// <summary>To be given to the decoder; never waits, allocates nothing.</summary>
    public IVerificationObserver Observer => _intake;

    /// <summary>What was done so far.</summary>
    public TrainerStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new TrainerStatistics(
                    _work.Records, _intake.Dropped, _work.Refused, _work.Stale, Seconds(Interlocked.Read(ref _turnTicks)),
                    Seconds(Interlocked.Read(ref _backgroundTicks)), Seconds(Interlocked.Read(ref _longestTurn)), _work.Evicted, _work.Faults,
                    _work.LastFault, [.. _work.Namespaces.Select(one => one with { Dropped = _intake.DroppedOf(one.Name) })])
                {
                    Unplaced = _work.Unplaced,
                };
            }
        }
    }

    /// <summary>Starts the background thread, or lets it go on after <see cref="Pause"/>.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // Time that passed while it rested was not idle time, and earns nothing.
        Interlocked.Exchange(ref _lastTurn, Stopwatch.GetTimestamp());
        PassStep();
        Interlocked.Exchange(ref _lastIdle, 0);
        _intake.Resume();
        _running.Set();
        if (_thread is not null) return;
        _stop.Reset();
        _thread = new Thread(Run) { IsBackground = true, Name = "atlas-trainer" };
        _thread.Start();
    }

    /// <summary>Lets the background thread rest until <see cref="Start"/>; what it is at is done when this returns.</summary>
    public void Pause()
    {
        _running.Reset();
        lock (_round) { }
    }

    /// <summary>Ends the background thread, saves what has not been saved, and returns when that is done.</summary>
    public void Stop()
    {
        if (_thread is not null)
        {
            _stop.Set();
            _running.Set();
            _thread.Join();
            _thread = null;
        }
        Save();
    }

    /// <summary>
    /// To be called by the decoding loop between two steps: learns for as long as the share allows. Returns at once when the background is at
    /// work, or nothing is to be done.
    /// </summary>
    /// <param name="pace">How much of the share there is.</param>
    public void Turn(LearningPace pace = LearningPace.Full)
    {
        long begin = Stopwatch.GetTimestamp();
        long last = Interlocked.Exchange(ref _lastTurn, begin);
        Interlocked.Exchange(ref _lastStep, begin);
        double part = pace == LearningPace.Full || (pace == LearningPace.WhilePromising && _promising) ? 1 : _leastPart;
        _intake.Allowed = part;
        if (last != 0) _credit.Earn(begin - last, part);
        if (!_credit.IsLeft || !_gate.TryEnter()) return;
        try
        {
            long ticks = Work(_credit);
            _promising = _work.IsPromising;
            Interlocked.Add(ref _turnTicks, ticks);
            if (ticks > _longestTurn) Interlocked.Exchange(ref _longestTurn, ticks);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>
    /// To be called instead of <see cref="Turn"/> between two steps after which it gets no turn: what is being decoded is not taken for an idle machine.
    /// </summary>
    public void PassStep() => Interlocked.Exchange(ref _lastStep, Stopwatch.GetTimestamp());

    /// <summary>
    /// One round of the background thread's work but for learning: takes in what waits in the channel, publishes, saves. For hosts that have no
    /// thread for it; with <see cref="Start"/> it is called by itself.
    /// </summary>
    public void Pump()
    {
        long begin = Stopwatch.GetTimestamp();
        // Record by record, so that a turn never finds the lock taken for long.
        while (_intake.TryTake(out var record))
        {
            bool taken;
            lock (_gate) taken = _work.Take(record!, _intake.TargetEpoch);
            if (taken) _intake.Return(record!);
            else _intake.Drop(record!);
        }
        lock (_gate)
        {
            _work.Prepare();
            _promising = _work.IsPromising;
        }
        _work.SaveDue(_gate, all: false);
        Interlocked.Add(ref _backgroundTicks, Stopwatch.GetTimestamp() - begin);
    }

    /// <summary>Writes a checkpoint of every namespace that has published something since its last one.</summary>
    public void Save() => _work.SaveDue(_gate, all: true);

    /// <summary>Deletes a namespace's replay, weights, versions and checkpoints. Returns whether there was anything.</summary>
    public bool Forget(string name)
    {
        lock (_gate) return _work.Forget(name);
    }

    /// <summary>
    /// Publishes weights that come from elsewhere (an operator, another machine) without a shadow test, at the background's next round. They are
    /// watched like any other version, and rolled back where they do worse than what was published before.
    /// </summary>
    public void Offer(string name, LearnedWeights weights)
    {
        lock (_gate) _work.Offer(name, weights);
    }

    /// <summary>What a namespace has published; null where it is unknown or has nothing.</summary>
    public LearnedWeights? Published(string name)
    {
        lock (_gate) return _work.Published(name);
    }

    /// <summary>
    /// The target's weights have been replaced: states that were kept are stale and leave the replay; versions stay, for they often draft well
    /// through a small change, and learn on. Called on the decoding thread, between two steps.
    /// </summary>
    /// <param name="fingerprint">Identifies the new weights.</param>
    public void TargetReplaced(string fingerprint)
    {
        _intake.BeginTargetEpoch();
        lock (_gate) _work.TargetReplaced(fingerprint);
    }

    /// <summary>Stops and frees everything. The speculator then drafts nothing any more.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        Stop();
        _disposed = true;
        lock (_gate) _work.Dispose();
        _stop.Dispose();
        _running.Dispose();
    }

    /// <summary>Takes in a record that did not come through the channel.</summary>
    internal void Take(VerificationRecord record)
    {
        lock (_gate) _work.Take(record, _intake.TargetEpoch);
    }

    /// <summary>Learns without regard to shares, at most so many pieces.</summary>
    internal void RunPieces(int most)
    {
        lock (_gate)
            for (int i = 0; i < most && _work.RunPiece(); i++) { }
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    private void Run()
    {
        while (true)
        {
            _running.Wait();
            if (_stop.Wait(Poll)) return;
            lock (_round)
                if (_running.IsSet)
                    RunRound();
        }
    }

    private void RunRound()
    {
        try
        {
            Pump();
            LearnWhileIdle();
        }
#pragma warning disable CA1031 // A trainer that fails must not take the server with it; the failure is counted and shown.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_gate) _work.Fail(e);
        }
    }

    private void LearnWhileIdle()
    {
        long now = Stopwatch.GetTimestamp();
        long last = Interlocked.Exchange(ref _lastIdle, now);
        if (last != 0) _idleCredit.Earn(now - last);
        if (Stopwatch.GetElapsedTime(Interlocked.Read(ref _lastStep), now) < IdleAfter || !_idleCredit.IsLeft) return;
        lock (_gate) Interlocked.Add(ref _backgroundTicks, Work(_idleCredit));
    }

    // Pieces, as long as there is credit.
    private long Work(TrainingCredit credit)
    {
        long begin = Stopwatch.GetTimestamp(), now = begin;
        while (credit.IsLeft && _work.RunPiece())
        {
            long end = Stopwatch.GetTimestamp();
            credit.Spend(end - now);
            now = end;
        }
        return now - begin;
    }
}
