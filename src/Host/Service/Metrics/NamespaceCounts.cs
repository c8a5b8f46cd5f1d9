namespace Atlas.Host.Service.Metrics;

/// <summary>What is counted of one namespace. Written by one thread at a time, read from any: single numbers, each right by itself.</summary>
internal sealed class NamespaceCounts
{
    private long _requests, _tokens, _steps, _drafted, _accepted;

    /// <summary>Completions or sessions that have ended.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Tokens that were emitted, or committed behind prompts.</summary>
    public long Tokens => Volatile.Read(ref _tokens);

    /// <summary>Target forwards that completions took part in, or drafts that were answered.</summary>
    public long Drafts => Volatile.Read(ref _steps);

    /// <summary>Draft tokens verified, or answered.</summary>
    public long Drafted => Volatile.Read(ref _drafted);

    /// <summary>Draft tokens accepted.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>When it was last written, by a count that rises with every use of any namespace.</summary>
    public long LastUse { get; set; }

    public void End() => _requests++;

    public void Draft(long drafts, long tokens)
    {
        _steps += drafts;
        _drafted += tokens;
    }

    public void Emit(long tokens, long accepted)
    {
        _tokens += tokens;
        _accepted += accepted;
    }
}
