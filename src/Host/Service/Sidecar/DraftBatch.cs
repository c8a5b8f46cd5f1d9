using System.Diagnostics;
using Atlas.Host.Speculation;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service.Sidecar;

/// <summary>Answers one <c>draft</c> after the other: commits what its sequences bring, and drafts for those that want it. Used under the engine's lock.</summary>
internal sealed class DraftBatch
{
    // Weight of a new duration in the estimate of what drafting takes.
    private const double DurationRate = 0.1;

    private readonly SidecarSettings _settings;
    private readonly SidecarEngine _engine;
    private readonly AheadWorker _worker;
    private readonly List<SidecarSession> _asked = [];
    private readonly Predicate<SidecarSession> _missDeadline;
    private long _lastCall;
    private double _ticksPerDraft;

    /// <summary>A batch of nothing yet.</summary>
    /// <param name="settings">Limits.</param>
    /// <param name="engine">Drafts.</param>
    /// <param name="worker">Drafts ahead for who was answered.</param>
    public DraftBatch(SidecarSettings settings, SidecarEngine engine, AheadWorker worker)
    {
        _settings = settings;
        _engine = engine;
        _worker = worker;
        _missDeadline = MissDeadline;
    }

    /// <summary>Commits and drafts for a connection's sequences.</summary>
    /// <param name="table">The connection's sessions.</param>
    /// <param name="parameters">The call, checked as far as it can be without its sessions.</param>
    /// <param name="result">Empty; gets an element for each sequence.</param>
    /// <exception cref="RpcException">A session stands in the call twice; nothing was committed.</exception>
    public void Answer(SessionTable table, DraftParams parameters, DraftResult result)
    {
        var sequences = parameters.Sequences;
        CheckDistinct(table, sequences);
        _asked.Clear();
        ServerForward.Hear(_engine, table, parameters);
        for (int i = 0; i < sequences.Count; i++) Take(table, sequences[i], result.Sequences.Add());
        DraftAsked(parameters);
        for (int i = 0; i < sequences.Count; i++) Write(table, sequences[i], result.Sequences[i]);
        ServerForward.Expect(table, result.Sequences);
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
        draft.Status = session.StatusOf(update, _settings.MaxTokens);
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
        int unready = Unready();
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
        unready = Unready();
        if (unready > 0) _ticksPerDraft += DurationRate * (((end - begin) / (double)unready) - _ticksPerDraft);
        bool late = end - begin > left;
        foreach (var session in _asked)
        {
            if (late && MissDeadline(session)) continue;
            _engine.Meters.Draft(session.Answered.Count, session.IsReady);
            session.Counts.Draft(1, session.Answered.Count);
        }
    }

    private int Unready()
    {
        int unready = 0;
        foreach (var session in _asked)
            if (!session.IsReady)
                unready++;
        return unready;
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

    private void Write(SessionTable table, SequenceUpdate update, SequenceDraft draft)
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
}
