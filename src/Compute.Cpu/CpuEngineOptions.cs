namespace Atlas.Compute.Cpu;

/// <summary>How the embedded engine uses the machine.</summary>
public sealed record CpuEngineOptions
{
    /// <summary>Threads that compute, the caller's included; 0 takes one per processor. Results do not depend on it.</summary>
    public int Threads { get; init; }
}
