namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// Drafts ahead and learns between calls, on a thread of its own. It holds the engine's lock for one session at a time, so a call never waits for
/// more than that.
/// </summary>
internal sealed class AheadWorker : IDisposable
{
    private const int MostYields = 64;

    private readonly SidecarEngine _engine;
    private readonly Queue<SidecarSession> _sessions = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private long _faults;

    /// <summary>A worker that begins with <see cref="Start"/>.</summary>
    public AheadWorker(SidecarEngine engine)
    {
        _engine = engine;
        _thread = new Thread(Run) { IsBackground = true, Name = "atlas-ahead" };
    }

    /// <summary>Failures; drafts are then made when they are asked for.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>Begins to work.</summary>
    public void Start() => _thread.Start();

    /// <summary>Queues a session; called under the engine's lock.</summary>
    public void Add(SidecarSession session)
    {
        if (session.IsQueued) return;
        session.IsQueued = true;
        _sessions.Enqueue(session);
    }

    /// <summary>Lets the worker begin with what was queued.</summary>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        if (_thread.IsAlive)
        {
            _wake.Set();
            _thread.Join();
        }
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            _wake.WaitOne();
            while (!_stopping && Next()) { }
        }
    }

    private bool Next()
    {
        // What is asked for goes before what may be asked for, within reason.
        var wait = new SpinWait();
        while (_engine.HasCallers && wait.Count < MostYields) wait.SpinOnce(sleep1Threshold: -1);
        lock (_engine.Gate)
        {
            if (!_sessions.TryDequeue(out var session)) return false;
            session.IsQueued = false;
            try
            {
                _engine.DraftAhead(session);
                _engine.Remember();
            }
#pragma warning disable CA1031 // Without what it drafts ahead, calls are answered all the same.
            catch (Exception)
#pragma warning restore CA1031
            {
                session.Ahead.Clear();
                Interlocked.Increment(ref _faults);
            }
        }
        // Learning needs no lock of the engine's: calls are answered meanwhile.
        _engine.Turn();
        return true;
    }
}
