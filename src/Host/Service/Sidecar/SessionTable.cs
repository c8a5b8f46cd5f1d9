namespace Atlas.Host.Service.Sidecar;

/// <summary>The sessions of one connection, by the numbers its client gave them. Used under the engine's lock.</summary>
internal sealed class SessionTable
{
    private readonly Dictionary<long, SidecarSession> _sessions = [];

    /// <summary>Sessions that are open.</summary>
    public IReadOnlyDictionary<long, SidecarSession> All => _sessions;

    /// <summary>Rows that the server verifies of the last answer: a token and its draft for every session. 0 before the first.</summary>
    public int Rows { get; set; }

    /// <summary>Mean tokens of the sessions in the last answer.</summary>
    public double Context { get; set; }

    /// <summary>When the last answer was made, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
    public long AnsweredAt { get; set; }

    /// <summary>Adds one; false where the number is taken.</summary>
    public bool TryAdd(long number, SidecarSession session) => _sessions.TryAdd(number, session);

    /// <summary>Removes one.</summary>
    public void Remove(long number) => _sessions.Remove(number);
}
