namespace Atlas.Compute.Cpu;

/// <summary>How the embedded engine uses the machine.</summary>
public sealed record CpuEngineOptions
{
    /// <summary>Threads that compute, the caller's included; 0 takes one per processor. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether the engine's own threads stay on one processor each. For machines that do nothing else: a pinned thread whose processor is
    /// taken by another program waits, and all others wait for it.
    /// </summary>
    public bool PinThreads { get; init; }
}
