namespace Atlas.Host.Service.Sidecar;

/// <summary>The sessions of one connection, by the numbers its client gave them. Used under the engine's lock.</summary>
internal sealed class SessionTable
{
    private readonly Dictionary<long, SidecarSession> _sessions = [];

    /// <summary>Sessions that are open.</summary>
    public IReadOnlyDictionary<long, SidecarSession> All => _sessions;

    /// <summary>Adds one; false where the number is taken.</summary>
    public bool TryAdd(long number, SidecarSession session) => _sessions.TryAdd(number, session);

    /// <summary>Removes one.</summary>
    public void Remove(long number) => _sessions.Remove(number);
}
