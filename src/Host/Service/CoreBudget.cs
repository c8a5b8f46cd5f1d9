using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Service;

/// <summary>
/// How a service divides the processors that it may take. Everybody of a step waits for the slowest of the engine's threads, so one that shares its
/// processor with a socket holds up all: where there are enough, the engine leaves one to the others. Its threads spin between the jobs of a step as
/// long as there are no more of them than processors.
/// </summary>
/// <param name="Cores">Processors that the service may take.</param>
/// <param name="EngineThreads">Threads that compute, the decoding thread included; 0 where the service computes nothing.</param>
internal sealed record CoreBudget(int Cores, int EngineThreads)
{
    // Of fewer, one more for the engine is worth more than an undisturbed step.
    private const int FewCores = 4;

    /// <summary>For a service that runs the target: all for the engine, but one where there are more than four.</summary>
    /// <param name="cores">Processors that it may take, at least 1.</param>
    /// <param name="threads">Threads of the engine that were asked for; 0 for the default.</param>
    public static CoreBudget OfTarget(int cores, int threads) => new(cores, threads > 0 ? threads : cores <= FewCores ? cores : cores - 1);

    /// <summary>For a sidecar that computes, with a draft model or with heads on hidden states: half of them for the engine, since the other server is on this machine too.</summary>
    /// <param name="cores">Processors that it may take, at least 1.</param>
    /// <param name="threads">Threads of the engine that were asked for; 0 for the default.</param>
    public static CoreBudget OfComputingSidecar(int cores, int threads) => new(cores, threads > 0 ? threads : Math.Max(1, cores / 2));

    /// <summary>For a sidecar without either.</summary>
    public static CoreBudget OfText(int cores) => new(cores, 0);

    /// <summary>Keeps the threads that serve sockets to the budget too; more come only where some of them wait.</summary>
    public void Apply()
    {
        ThreadPool.GetMinThreads(out _, out int completing);
        ThreadPool.SetMinThreads(Cores, completing);
    }

    /// <summary>Adds the figures.</summary>
    public void AddTo(MetricSet metrics)
    {
        metrics.Gauge("cores", "Processors that the service may take.", () => Cores);
        metrics.Gauge("engine_threads", "Threads that compute, the decoding thread included.", () => EngineThreads);
    }
}
