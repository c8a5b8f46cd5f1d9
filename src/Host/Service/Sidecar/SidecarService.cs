using System.Diagnostics;
using Atlas.Evaluation.Traces;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Speculation;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// The sidecar's side of the protocol: sessions of connections, positions and what is wrong with them, deadlines. A call is answered on the
/// thread that read it. Thread-safe.
/// </summary>
internal sealed class SidecarService : IDisposable
{
    // Weight of a new duration in the estimate of what drafting takes.
    private const double DurationRate = 0.1;

    // Gaps between calls, in seconds, that can be a forward of a model and nothing else.
    private const double LeastGap = 1e-3;
    private const double MostGap = 1;

    private readonly SidecarSettings _settings;
    private readonly SidecarEngine _engine;
    private readonly AheadWorker _worker;
    private readonly List<SidecarSession> _asked = [];
    private readonly HashSet<SessionTable> _tables = [];
    private readonly Predicate<SidecarSession> _missDeadline;
    private long _lastSession;
    private long _lastCall;
    private long _generation;
    private int _sessions;
    private double _ticksPerDraft;
    private volatile bool _draining;

    /// <summary>A sidecar that has learned nothing but what its checkpoints hold.</summary>
    public SidecarService(SidecarSettings settings)
    {
        _settings = settings;
        _engine = new SidecarEngine(settings);
        _worker = new AheadWorker(_engine);
        _missDeadline = MissDeadline;
    }

    /// <summary>What was counted of each namespace.</summary>
    public NamespaceFigures ByNamespace { get; } = new();

    /// <summary>Begins to learn and to draft ahead.</summary>
    public void Start()
    {
        _engine.Start();
        _worker.Start();
    }

    /// <summary>Says what is served.</summary>
    public void Describe(HelloResult hello)
    {
        hello.Speculators.AddRange(_engine.SpeculatorNames);
        hello.Fingerprint = _settings.Fingerprint;
        hello.VocabularySize = _settings.VocabularySize;
        hello.HiddenSize = _settings.HiddenSize;
        hello.MaxBatch = _settings.MaxBatch;
        hello.MaxSessions = _settings.MaxSessions;
        hello.MaxTokens = _settings.MaxTokens;
    }

    /// <summary>Opens a session.</summary>
    public PositionResult Open(ServicePeer peer, OpenParams parameters)
    {
        CheckTokens(parameters.Tokens.Span, "tokens");
        if (parameters.Tokens.Count > _settings.MaxTokens) throw TooLong(parameters.Tokens.Count);
        lock (_engine.Gate)
        {
            if (_draining) throw new RpcException(RpcErrorCode.Draining, "the service is draining and takes nothing new");
            if (!_engine.Knows(parameters.Speculator))
                throw new RpcException(RpcErrorCode.NotSupported, $"speculator {parameters.Speculator}: expected auto, none, merged or one that hello names");
            if (_sessions >= _settings.MaxSessions)
                throw new RpcException(RpcErrorCode.LimitExceeded, $"{_sessions} sessions are open, the service's limit");
            var table = TableOf(peer);
            string name = Namespaces.Of(parameters.Namespace);
            var session = new SidecarSession(++_lastSession, name, parameters, _settings.DraftCapacity, ByNamespace.Of(name));
            if (!table.TryAdd(parameters.Session, session))
                throw new RpcException(RpcErrorCode.SessionExists, $"session {parameters.Session} is open on this connection; expected another number");
            _sessions++;
            if (parameters.Tokens.Count > 0) session.Append(parameters.Tokens.Span);
            return new PositionResult { Session = parameters.Session, Position = session.Position };
        }
    }

    /// <summary>Commits and drafts for a batch.</summary>
    public void Draft(ServicePeer peer, DraftParams parameters, DraftResult result)
    {
        var sequences = parameters.Sequences;
        if (sequences.Count > _settings.MaxBatch)
            throw new RpcException(RpcErrorCode.LimitExceeded, $"{sequences.Count} sequences; this service takes at most {_settings.MaxBatch} in a call");
        if (_draining) throw new RpcException(RpcErrorCode.Draining, "the service is draining and takes nothing new");
        for (int i = 0; i < sequences.Count; i++) Check(sequences[i], "sequences", i);
        long begin = parameters.ReceivedAt != 0 ? parameters.ReceivedAt : Stopwatch.GetTimestamp();
        using (_engine.EnterCall())
        {
            _engine.Meters.Call();
            var table = TableOf(peer);
            CheckDistinct(table, sequences);
            _asked.Clear();
            HearOfForward(table, parameters);
            for (int i = 0; i < sequences.Count; i++) Take(table, sequences[i], result.Sequences.Add());
            DraftAsked(parameters);
            for (int i = 0; i < sequences.Count; i++) Answer(table, sequences[i], result.Sequences[i]);
            Expect(table, result.Sequences);
            _engine.Meters.CallSeconds.Record(begin, table.AnsweredAt);
        }
        _worker.Wake();
    }

    /// <summary>Commits without drafting.</summary>
    public PositionResult Commit(ServicePeer peer, SequenceUpdate parameters)
    {
        Check(parameters, "", -1);
        lock (_engine.Gate)
        {
            var session = Find(TableOf(peer), parameters.Session);
            switch (StatusOf(session, parameters))
            {
                case DraftStatus.StalePosition: throw WrongBase(RpcErrorCode.StalePosition, session, parameters);
                case DraftStatus.PositionGap: throw WrongBase(RpcErrorCode.PositionGap, session, parameters);
                case DraftStatus.LimitExceeded: throw TooLong(session.Position + (long)parameters.Tokens.Count);
                default:
                    _engine.Commit(session, parameters);
                    return new PositionResult { Session = parameters.Session, Position = session.Position };
            }
        }
    }

    /// <summary>Ends a session.</summary>
    public PositionResult Close(ServicePeer peer, CloseParams parameters)
    {
        lock (_engine.Gate)
        {
            var table = TableOf(peer);
            var session = Find(table, parameters.Session);
            End(table, parameters.Session, session, parameters.Learn);
            return new PositionResult { Session = parameters.Session, Position = session.Position };
        }
    }

    /// <summary>Ends all sessions of a connection.</summary>
    public void CloseAll(ServicePeer peer)
    {
        lock (_engine.Gate)
        {
            if (peer.State is not SessionTable table) return;
            foreach (var (number, session) in table.All.ToArray()) End(table, number, session);
            _tables.Remove(table);
        }
    }

    /// <summary>The target has changed.</summary>
    public WeightsUpdatedResult WeightsUpdated(WeightsUpdatedParams parameters)
    {
        if (parameters.Path.Length > 0)
            throw new RpcException(RpcErrorCode.NotSupported, "path: a sidecar runs no target; expected a fingerprint, or nothing");
        lock (_engine.Gate)
        {
            _engine.TargetReplaced(parameters.Fingerprint.Length > 0 ? parameters.Fingerprint : _settings.Fingerprint);
            return new WeightsUpdatedResult { Generation = ++_generation };
        }
    }

    /// <summary>Deletes a namespace and ends its sessions on all connections.</summary>
    public async ValueTask<ForgetResult> ForgetAsync(string name)
    {
        var forgotten = await Task.Run(() => Forget(name), CancellationToken.None).ConfigureAwait(false);
        ByNamespace.Forget(name);
        if (_settings.Recorder is { } recorder) await recorder.ForgetAsync(name).ConfigureAwait(false);
        return forgotten;
    }

    /// <summary>Saves what was learned.</summary>
    public Task<CheckpointResult> CheckpointAsync()
    {
        if (_settings.CheckpointDirectory is not { } directory)
            throw new RpcException(RpcErrorCode.NotSupported, "nothing is saved here; expected a service started with --checkpoints DIR");
        return Task.Run(() => new CheckpointResult { Version = _engine.Save(), Path = Path.GetFullPath(directory) });
    }

    /// <summary>Whether a call would come to be drafted for within a time.</summary>
    public Task<bool> IsAliveAsync(TimeSpan within) => _engine.IsAliveAsync(within);

    /// <summary>Whether new sessions are taken.</summary>
    public bool IsReady => !_draining;

    /// <summary>Takes no more sessions and no more drafts.</summary>
    public void Drain() => _draining = true;

    /// <summary>Adds its figures.</summary>
    public void AddTo(MetricSet metrics)
    {
        metrics.Gauge("sidecar_sessions", "Sessions that are open.", () => Volatile.Read(ref _sessions));
        metrics.Counter("sidecar_ahead_faults", "Failures while drafting ahead.", () => _worker.Faults);
        SidecarMetrics.AddTo(metrics, _engine);
        _settings.Recorder?.AddTo(metrics);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _worker.Dispose();
        _engine.Dispose();
    }

    private static RpcException WrongBase(string code, SidecarSession session, SequenceUpdate update) => new(new RpcError
    {
        Code = code,
        Message = $"base is {update.Base}; expected {session.Position}",
        Parameter = "base",
        Position = session.Position,
    });

    private static SidecarSession Find(SessionTable table, long number) => table.All.TryGetValue(number, out var session)
        ? session
        : throw new RpcException(RpcErrorCode.UnknownSession, $"no session {number} is open on this connection");

    private DraftStatus StatusOf(SidecarSession session, SequenceUpdate update) =>
        update.Base < session.Position ? DraftStatus.StalePosition
        : update.Base > session.Position ? DraftStatus.PositionGap
        : session.Position + (long)update.Tokens.Count > _settings.MaxTokens ? DraftStatus.LimitExceeded
        : DraftStatus.Ok;

    private RpcException TooLong(long tokens) =>
        new(RpcErrorCode.LimitExceeded, $"the session would hold {tokens} tokens; this service takes at most {_settings.MaxTokens}");

    private SessionTable TableOf(ServicePeer peer)
    {
        if (peer.State is SessionTable known) return known;
        var table = new SessionTable();
        peer.State = table;
        _tables.Add(table);
        return table;
    }

    private void End(SessionTable table, long number, SidecarSession session, bool learn = true)
    {
        if (learn && _settings.Recorder is { } recorder && session.Sequence is { } sequence && sequence.Length > session.PromptTokens)
            recorder.Record(new TraceRequest
            {
                ArrivalSeconds = recorder.SecondsAt(session.OpenedAt),
                Namespace = session.Namespace,
                Class = session.Class,
                Prompt = TraceText.Of(sequence.Tokens[..session.PromptTokens]),
                Completion = TraceText.Of(sequence.Tokens[session.PromptTokens..]),
            });
        session.Counts.End();
        table.Remove(number);
        _sessions--;
        _engine.Close(session, learn);
    }

    private ForgetResult Forget(string name)
    {
        lock (_engine.Gate)
        {
            int ended = 0;
            foreach (var table in _tables)
                foreach (var (number, session) in table.All.Where(open => open.Value.Namespace == name).ToArray())
                {
                    End(table, number, session);
                    ended++;
                }
            return new ForgetResult { Sessions = ended, Bytes = _engine.Forget(name) };
        }
    }

    private void CheckDistinct(SessionTable table, ReusableList<SequenceUpdate> sequences)
    {
        _lastCall++;
        for (int i = 0; i < sequences.Count; i++)
        {
            if (!table.All.TryGetValue(sequences[i].Session, out var session)) continue;
            if (session.LastCall == _lastCall)
                throw RpcException.Invalid($"sequences[{i}].session", $"is {sequences[i].Session}, which stands in the call already; expected each session once");
            session.LastCall = _lastCall;
        }
    }

    // Commits, and finds out who has to be drafted for.
    private void Take(SessionTable table, SequenceUpdate update, SequenceDraft draft)
    {
        draft.Session = update.Session;
        if (!table.All.TryGetValue(update.Session, out var session))
        {
            draft.Status = DraftStatus.UnknownSession;
            _engine.Meters.Refuse();
            return;
        }
        draft.Packed = session.Packed;
        draft.Status = StatusOf(session, update);
        if (draft.Status != DraftStatus.Ok)
        {
            draft.Position = session.Position;
            _engine.Meters.Refuse();
            return;
        }
        session.LastBudget = session.Speculator == StrategyNames.None ? 0 : Math.Min(update.Budget, _settings.MostNodes);
        session.IsReady = session.LastBudget > 0 && SidecarEngine.TryTakeAhead(session, update.Tokens.Span);
        _engine.Commit(session, update);
        draft.Position = session.Position;
        if (!session.IsReady) session.Answered.Clear();
        if (session.LastBudget > 0 && session.Sequence is not null) _asked.Add(session);
    }

    private void DraftAsked(DraftParams parameters)
    {
        int unready = 0;
        foreach (var session in _asked)
            if (!session.IsReady)
                unready++;
        long begin = Stopwatch.GetTimestamp();
        double left = parameters.DeadlineUs == 0
            ? double.PositiveInfinity
            : parameters.ReceivedAt - begin + (parameters.DeadlineUs * (Stopwatch.Frequency / 1e6));
        if (unready > 0 && unready * _ticksPerDraft > left)
        {
            // The estimate of what it takes comes down again, or one stall would end drafting under deadlines for good.
            _ticksPerDraft *= 1 - DurationRate;
            _asked.RemoveAll(_missDeadline);
        }
        if (_asked.Count == 0) return;
        _engine.Draft(_asked);
        long end = Stopwatch.GetTimestamp();
        unready = 0;
        foreach (var session in _asked)
            if (!session.IsReady)
                unready++;
        if (unready > 0) _ticksPerDraft += DurationRate * (((end - begin) / (double)unready) - _ticksPerDraft);
        bool late = end - begin > left;
        foreach (var session in _asked)
        {
            if (late && !session.IsReady && MissDeadline(session)) continue;
            _engine.Meters.Draft(session.Answered.Count, session.IsReady);
            session.Counts.Draft(1, session.Answered.Count);
        }
    }

    // Leaves a session that is not ready without a draft; returns whether it is one.
    private bool MissDeadline(SidecarSession session)
    {
        if (session.IsReady) return false;
        _engine.Meters.MissDeadline();
        session.LastBudget = 0;
        session.Answered.Clear();
        session.Sequence!.Draft.Clear();
        return true;
    }

    // What the server's forward took, as it says, or else as it takes from an answer to the next call.
    private void HearOfForward(SessionTable table, DraftParams parameters)
    {
        if (table.Rows == 0) return;
        double seconds = parameters.VerifyUs > 0
            ? parameters.VerifyUs * 1e-6
            : Stopwatch.GetElapsedTime(table.AnsweredAt, parameters.ReceivedAt).TotalSeconds;
        if (parameters.VerifyUs > 0 || seconds is >= LeastGap and <= MostGap) _engine.OnForward(table.Rows, table.Context, seconds);
        table.Rows = 0;
    }

    private static void Expect(SessionTable table, ReusableList<SequenceDraft> answered)
    {
        int sequences = 0, nodes = 0;
        double tokens = 0;
        for (int i = 0; i < answered.Count; i++)
        {
            if (answered[i].Status is not (DraftStatus.Ok or DraftStatus.Deadline)) continue;
            sequences++;
            nodes += answered[i].Tokens.Count;
            tokens += answered[i].Position;
        }
        table.Rows = sequences + nodes;
        table.Context = tokens / Math.Max(1, sequences);
        table.AnsweredAt = Stopwatch.GetTimestamp();
    }

    private void Answer(SessionTable table, SequenceUpdate update, SequenceDraft draft)
    {
        if (draft.Status != DraftStatus.Ok || update.Budget == 0) return;
        var session = table.All[update.Session];
        if (session.Sequence is null || session.Speculator == StrategyNames.None) return;
        if (session.LastBudget == 0)
        {
            draft.Status = DraftStatus.Deadline;
            // What was late now may be ready the next time.
            session.LastBudget = Math.Min(update.Budget, _settings.MostNodes);
            session.Answered.Clear();
        }
        DraftWriter.Write(session.Answered, draft);
        _worker.Add(session);
    }

    // Before anything is committed: what is wrong here fails the call.
    private void Check(SequenceUpdate update, string array, int index)
    {
        CheckTokens(update.Tokens.Span, index < 0 ? "tokens" : array, index);
        if (_settings.HiddenSize == 0 || update.Hidden.Count == 0) return;
        long expected = (long)update.Tokens.Count * _settings.HiddenSize * update.HiddenNumberBytes;
        if (update.Hidden.Count != expected)
            throw RpcException.Invalid(
                index < 0 ? "hidden" : $"{array}[{index}].hidden",
                $"holds {update.Hidden.Count} bytes; expected {expected}, {_settings.HiddenSize} numbers of {update.HiddenNumberBytes} bytes for each of {update.Tokens.Count} tokens");
    }

    private void CheckTokens(ReadOnlySpan<int> tokens, string parameter, int index = -1)
    {
        foreach (int token in tokens)
            if (token >= _settings.VocabularySize)
                throw RpcException.Invalid(
                    index < 0 ? parameter : $"{parameter}[{index}].tokens", $"holds {token}; expected ids below {_settings.VocabularySize}");
    }
}
