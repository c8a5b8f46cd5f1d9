using System.Diagnostics;
using Atlas.Evaluation.Traces;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Speculation;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// The sidecar's side of the protocol: sessions of connections, and what may be asked of them. A call is answered on the thread that read it.
/// Thread-safe.
/// </summary>
internal sealed class SidecarService : IDisposable
{
    private readonly SidecarSettings _settings;
    private readonly SidecarEngine _engine;
    private readonly AheadWorker _worker;
    private readonly UpdateCheck _check;
    private readonly DraftBatch _batch;
    private readonly HashSet<SessionTable> _tables = [];
    private long _lastSession;
    private long _generation;
    private int _sessions;
    private volatile bool _draining;

    /// <summary>A sidecar that has learned nothing but what its checkpoints hold.</summary>
    public SidecarService(SidecarSettings settings)
    {
        _settings = settings;
        _engine = new SidecarEngine(settings);
        _worker = new AheadWorker(_engine);
        _check = new UpdateCheck(settings);
        _batch = new DraftBatch(settings, _engine, _worker);
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
        _check.CheckTokens(parameters.Tokens.Span, "tokens");
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
        for (int i = 0; i < sequences.Count; i++) _check.Check(sequences[i], "sequences", i);
        long begin = parameters.ReceivedAt != 0 ? parameters.ReceivedAt : Stopwatch.GetTimestamp();
        using (_engine.EnterCall())
        {
            _engine.Meters.Call();
            var table = TableOf(peer);
            _batch.Answer(table, parameters, result);
            _engine.Meters.CallSeconds.Record(begin, table.AnsweredAt);
        }
    }

    /// <summary>Begins to draft ahead of what was answered. Waking a thread takes as long as a draft: it comes behind the answer.</summary>
    public void DraftAhead() => _worker.Wake();

    /// <summary>Commits without drafting.</summary>
    public PositionResult Commit(ServicePeer peer, SequenceUpdate parameters)
    {
        _check.Check(parameters, "", -1);
        lock (_engine.Gate)
        {
            var session = Find(TableOf(peer), parameters.Session);
            switch (session.StatusOf(parameters, _settings.MaxTokens))
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
        // What the trainer is at may take longer than a draft can wait for the lock.
        _engine.RestLearning();
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
}
