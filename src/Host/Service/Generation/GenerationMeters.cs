using Atlas.Core.Decoding;
using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Service.Generation;

/// <summary>What the decoding loop counts. Written by the decoding thread, read from any: single numbers, each right by itself.</summary>
internal sealed class GenerationMeters
{
    private long _completed, _cancelled, _failed, _steps, _emitted, _drafted, _accepted, _forwards, _promptTokens, _cachedTokens;
    private long _speculatorFaults;
    private long _stepTicks;
    private int _running, _waiting, _kept;

    /// <summary>Requests that were answered.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Requests that were cancelled, by their clients or for them.</summary>
    public long Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>Requests that failed.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Steps.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>Tokens emitted by completions that have ended.</summary>
    public long Emitted => Volatile.Read(ref _emitted);

    /// <summary>Draft tokens verified.</summary>
    public long Drafted => Volatile.Read(ref _drafted);

    /// <summary>Draft tokens accepted.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Forwards that completions took part in.</summary>
    public long Forwards => Volatile.Read(ref _forwards);

    /// <summary>Tokens of prompts.</summary>
    public long PromptTokens => Volatile.Read(ref _promptTokens);

    /// <summary>Of these, tokens that had been computed before.</summary>
    public long CachedTokens => Volatile.Read(ref _cachedTokens);

    /// <summary>Seconds in steps, learning between them included.</summary>
    public double StepSeconds => TimeSpan.FromTicks(Volatile.Read(ref _stepTicks)).TotalSeconds;

    /// <summary>Failures of speculators, whose steps were decoded without their drafts.</summary>
    public long SpeculatorFaults => Volatile.Read(ref _speculatorFaults);

    /// <summary>How long requests wait for what.</summary>
    public GenerationLatencies Latencies { get; } = new();

    /// <summary>Draft tokens accepted, by their position in the draft.</summary>
    public PositionCounts AcceptedAt { get; } = new();

    /// <summary>Completions being decoded.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Completions in the queue.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Caches kept for their prefixes.</summary>
    public int KeptPrefixes => Volatile.Read(ref _kept);

    public void FailSpeculator() => _speculatorFaults++;

    public void Answered() => _completed++;

    public void Cancel() => _cancelled++;

    public void Fail() => _failed++;

    public void Begin(int promptTokens, int cachedTokens)
    {
        _promptTokens += promptTokens;
        _cachedTokens += cachedTokens;
    }

    public void End(DecodeStatistics statistics)
    {
        _emitted += statistics.Emitted;
        _drafted += statistics.Drafted;
        _accepted += statistics.Accepted;
        _forwards += statistics.Forwards;
        for (int position = 0; position < statistics.MaxDepth; position++) AcceptedAt.Add(position, statistics.AcceptedAt(position));
    }

    public void Step(TimeSpan took)
    {
        _steps++;
        _stepTicks += took.Ticks;
    }

    public void Load(int running, int waiting, int kept) => (_running, _waiting, _kept) = (running, waiting, kept);
}
