using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Service.Sidecar;

/// <summary>What a sidecar counts. Written under the engine's lock, read from any thread.</summary>
internal sealed class SidecarMeters
{
    private long _calls, _drafts, _ready, _late, _refused, _drafted, _accepted, _committed, _hidden, _faults;

    /// <summary>Calls of <c>draft</c>.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>Sequences that were drafted for.</summary>
    public long Drafts => Volatile.Read(ref _drafts);

    /// <summary>Of these, those whose answer was ready before it was asked for.</summary>
    public long Ready => Volatile.Read(ref _ready);

    /// <summary>Sequences whose deadline passed.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Sequences that were refused: unknown, stale, or ahead.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Draft tokens answered.</summary>
    public long Drafted => Volatile.Read(ref _drafted);

    /// <summary>Of these, tokens that were committed then.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Of these, tokens by their position in the draft.</summary>
    public PositionCounts AcceptedAt { get; } = new();

    /// <summary>Tokens committed behind prompts.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Of these, tokens that came with the hidden state they were drawn from.</summary>
    public long Hidden => Volatile.Read(ref _hidden);

    /// <summary>Failures of speculators; their drafts were missing.</summary>
    public long SpeculatorFaults => Volatile.Read(ref _faults);

    /// <summary>How long calls of <c>draft</c> take, from their arrival to their answer.</summary>
    public LatencyHistogram CallSeconds { get; } = LatencyHistogram.OfCalls();

    public void FailSpeculator() => _faults++;

    public void Call() => _calls++;

    public void Draft(int tokens, bool ready)
    {
        _drafts++;
        _drafted += tokens;
        if (ready) _ready++;
    }

    public void MissDeadline() => _late++;

    public void TakeHidden(int tokens) => _hidden += tokens;

    public void Refuse() => _refused++;

    public void Commit(int tokens, int accepted)
    {
        _committed += tokens;
        _accepted += accepted;
        for (int position = 0; position < accepted; position++) AcceptedAt.Add(position, 1);
    }
}
