using System.Globalization;
using Atlas.Controller;
using Atlas.Controller.Metrics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Evaluation.Replay;
using Atlas.Host.Speculation;
using Atlas.Protocol.Messages;
using Atlas.Speculator.Adaptive.Recall;
using Atlas.Speculator.Static;
using Atlas.Trainer.Online;

namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// Drafts for texts that others decode, and learns from what they commit: the suffix speculator, the learned one over tokens alone and, where
/// there are hidden states, the target's own rows or a draft model, the recall speculator, the learned one over states and a static one, under the
/// controller.
/// All of it happens under one lock, which a call holds for as long as it drafts; <see cref="Gate"/> is that lock.
/// </summary>
internal sealed class SidecarEngine : IDisposable
{
    // Rows of a record; what is committed at once beyond that comes in pieces.
    private const int MostEmitted = 16;

    private const float LeastPathConfidence = 0.1f;

    private readonly SidecarLearners _learners;
    private readonly SidecarDrafter _drafter;
    private readonly StackMemory? _memory;
    private readonly RecallSpeculator? _recall;
    private readonly CommitFeedback _feedback;
    private readonly int[] _path = new int[MostEmitted];
    private int _callers;

    /// <summary>An engine that has learned nothing but what its checkpoints hold.</summary>
    public SidecarEngine(SidecarSettings settings)
    {
        _feedback = new CommitFeedback(settings.HiddenSize);
        _learners = new SidecarLearners(settings, _feedback, MostEmitted, LeastPathConfidence);
        List<ISpeculator> speculators = [_learners.Text.Suffix, _learners.Text.Learned];
        List<SpeculatorProfile> profiles = [TextProfiles.Suffix, TextProfiles.Learned with { Name = _learners.Text.Learned.Name }];
        if (settings.HiddenSize > 0)
        {
            var options = new RecallOptions { VocabularySize = settings.VocabularySize, MinPathConfidence = LeastPathConfidence, MemoryLimit = settings.MemoryLimit };
            speculators.Add(_recall = new RecallSpeculator(_feedback, options));
            profiles.Add(SpeculatorProfiles.Recall);
        }
        if (_learners.OnStates is { } onStates)
        {
            speculators.Add(onStates);
            profiles.Add(SpeculatorProfiles.Learned);
        }
        if (settings.DraftModel is { } model)
        {
            var drafting = new StaticSpeculator(model, new StaticSpeculatorOptions { MinPathConfidence = LeastPathConfidence });
            profiles.Add(SpeculatorProfiles.Static(DraftProbe.Measure(drafting, settings.VocabularySize)));
            speculators.Add(new BoundedSpeculator(drafting, model.Options.MaxSequences));
        }
        _drafter = new SidecarDrafter(settings, speculators, profiles, _ => Meters.FailSpeculator());
        if (settings.CheckpointDirectory is { } directory) _memory = MemoryIn(directory, settings);
    }

    /// <summary>To be held while anything else here is called.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether a call waits for <see cref="Gate"/>: what can wait lets it go first.</summary>
    public bool HasCallers => Volatile.Read(ref _callers) > 0;

    /// <summary>Takes <see cref="Gate"/> for a call.</summary>
    public Lock.Scope EnterCall()
    {
        Interlocked.Increment(ref _callers);
        var scope = Gate.EnterScope();
        Interlocked.Decrement(ref _callers);
        return scope;
    }

    /// <summary>Whether a call would come to be drafted for within a time.</summary>
    public Task<bool> IsAliveAsync(TimeSpan within) => Task.Run(() =>
    {
        if (!Gate.TryEnter(within)) return false;
        Gate.Exit();
        return true;
    });

    /// <summary>What was counted.</summary>
    public SidecarMeters Meters { get; } = new();

    /// <summary>Hidden states that could not be used; null where none are taken.</summary>
    public Func<long>? HiddenRefused => _recall is { } recall ? () => recall.Refused : null;

    /// <summary>Who learns from what is committed.</summary>
    public StackTrainers Learning => _learners.Trainers;

    /// <summary>Names of those who draft.</summary>
    public IEnumerable<string> SpeculatorNames => _drafter.Names;

    /// <summary>What the controller counted.</summary>
    public ControllerMetrics Controller => _drafter.Metrics;

    /// <summary>Begins to learn.</summary>
    public void Start() => _learners.Trainers.Start();

    /// <summary>
    /// Appends what was committed and learns from it; what was drafted ahead is kept where it went the same way. The first tokens of a session
    /// are its prompt, from which nothing is taught.
    /// </summary>
    public void Commit(SidecarSession session, SequenceUpdate update)
    {
        var tokens = update.Tokens.Span;
        if (tokens.Length == 0) return;
        session.Ahead.Clear();
        if (session.Sequence is null)
        {
            session.Append(tokens);
            return;
        }
        _feedback.Begin(session.Sequence, update);
        for (int done = 0; done < tokens.Length; done += MostEmitted)
            Commit(session, tokens.Slice(done, Math.Min(MostEmitted, tokens.Length - done)), isFirst: done == 0);
        _feedback.End();
        if (_recall is not null && update.Hidden.Count > 0) Meters.TakeHidden(tokens.Length);
    }

    /// <summary>
    /// Takes the draft of a session from what was drafted ahead, if that said anything of the tokens that are being committed, into
    /// <see cref="SidecarSession.Answered"/>; call it before <see cref="Commit(SidecarSession, SequenceUpdate)"/> changes them.
    /// </summary>
    public static bool TryTakeAhead(SidecarSession session, ReadOnlySpan<int> committed) =>
        session.Ahead.Count > 0 && TreeContinuation.TryTake(session.Ahead, committed, session.Answered);

    /// <summary>Whether a session may name this speculator here.</summary>
    public bool Knows(string speculator) => _drafter.Knows(speculator);

    /// <summary>The other server has verified what it was answered.</summary>
    /// <param name="rows">Rows of its forward.</param>
    /// <param name="context">Mean length of its sequences.</param>
    /// <param name="seconds">What it took.</param>
    public void OnForward(int rows, double context, double seconds) => _drafter.OnForward(rows, context, seconds);

    /// <summary>Drafts for sessions, as <see cref="SidecarDrafter.Draft"/> does.</summary>
    public void Draft(List<SidecarSession> sessions) => _drafter.Draft(sessions);

    /// <summary>
    /// Drafts further than was asked: whatever of the answer is accepted, and the token that follows, what is drafted behind it is the next
    /// answer.
    /// </summary>
    public void DraftAhead(SidecarSession session)
    {
        session.Ahead.Clear();
        if (session.IsClosed || session.Sequence is null || session.LastBudget == 0 || !session.WasDrafted) return;
        _drafter.DraftAhead(session);
    }

    /// <summary>Learns for as long as the trainer's share allows. Needs no lock, but one thread that calls it and no other.</summary>
    public void Turn() => _learners.Trainers.Turn(_drafter.Planner);

    /// <summary>Lets the trainer's background come to rest until <see cref="Forget"/> wakes it again. Needs no lock, and is not to be called under it.</summary>
    public void RestLearning() => _learners.Trainers.Pause();

    /// <summary>Lets go of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="learn">Whether the text that the stores have not taken in yet joins them; what they have stays.</param>
    public void Close(SidecarSession session, bool learn)
    {
        session.IsClosed = true;
        if (session.Sequence is not { } sequence) return;
        if (learn) _drafter.Release(session, sequence);
        // A text that is no longer than what was taken in adds nothing, and who was never drafted for is not known.
        else if (session.WasDrafted) _drafter.Release(session, session.Beginning());
        _recall?.Release(sequence);
        _learners.Release(sequence);
    }

    /// <summary>Deletes what was learned of a namespace; returns the bytes of its text and states. Its sessions are closed before.</summary>
    public long Forget(string name)
    {
        long before = StoredBytes;
        _learners.Text.Suffix.Forget(name);
        _recall?.Forget(name);
        _drafter.Forget(name);
        _memory?.Forget(name);
        // What still waits to be taken in would be learned again.
        _learners.Trainers.Rest();
        _learners.Trainers.Forget(name);
        _learners.Trainers.Start();
        return before - StoredBytes;
    }

    /// <summary>The target has changed: its states and what was said of its probabilities are stale.</summary>
    public void TargetReplaced(string fingerprint) => _learners.TargetReplaced(fingerprint);

    /// <summary>Begins to save texts and calibration where that is due; returns at once.</summary>
    public void Remember() => _memory?.AfterStep();

    /// <summary>Failures in the background, such as a checkpoint that could not be written. Needs no lock.</summary>
    public long Faults => _learners.Trainers.Faults + (_memory?.Faults ?? 0);

    /// <summary>Saves what was learned; takes the lock while it copies, and must not be called under it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public long Save()
    {
        Task writing;
        lock (Gate) writing = _memory?.BeginSave() ?? Task.CompletedTask;
        _learners.Trainers.Save();
        writing.GetAwaiter().GetResult();
        return _learners.Trainers.Published;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _learners.Dispose();
        _memory?.Dispose();
    }

    // Ids of one vocabulary mean nothing in another.
    private StackMemory MemoryIn(string directory, SidecarSettings settings)
    {
        string fingerprint = string.Create(CultureInfo.InvariantCulture, $"{settings.Fingerprint}/{settings.VocabularySize}");
        var learning = _learners.TextOptions;
        var checkpoints = new MemoryCheckpoints(directory, fingerprint, learning.CheckpointsKept);
        checkpoints.Check();
        return new StackMemory(checkpoints, _learners.Text.Suffix, _drafter.Planner, learning.CheckpointInterval);
    }

    private long StoredBytes => _learners.Text.Suffix.Bytes + (_recall?.Bytes ?? 0);

    private void Commit(SidecarSession session, ReadOnlySpan<int> piece, bool isFirst)
    {
        session.Append(piece);
        var sequence = session.Sequence!;
        int accepted = Follow(sequence.Draft, piece);
        var path = _path.AsSpan(0, accepted);
        // What lies behind the first token that no draft foresaw came otherwise than by this verification.
        _drafter.OnCommitted(session, path, isFirst ? Math.Min(piece.Length, accepted + 1) : 0);
        _learners.OnVerified(sequence, path, piece.Length);
        _recall?.OnVerified(sequence, path, piece.Length);
        Meters.Commit(piece.Length, accepted);
        session.Counts.Emit(piece.Length, accepted);
        sequence.Draft.Clear();
    }

    // Nodes that turned out right.
    private int Follow(DraftTree draft, ReadOnlySpan<int> tokens)
    {
        int node = DraftTree.Root, count = 0;
        foreach (int token in tokens)
        {
            node = draft.FindChild(node, token);
            if (node < 0) break;
            _path[count++] = node;
        }
        return count;
    }
}
