using System.Diagnostics;
using Atlas.Client;
using Atlas.Evaluation.Benchmarks;
using Atlas.Host.Service;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Bench.Serving;

/// <summary>Measures a sidecar behind a Unix domain socket, with its clients in the same process.</summary>
internal static class SidecarBench
{
    private const int Vocabulary = 4096;
    private const int Connections = 8;
    private const int Rounds = 3;

    // A server's loop goes on where its answer is read.
    private static readonly AtlasClientOptions Options = new() { Rpc = new RpcOptions { ContinueInline = true, OwnThread = true } };

    /// <summary>Measures.</summary>
    /// <param name="calls">Calls that a median is taken over.</param>
    public static async Task<SidecarFigures> MeasureAsync(int calls)
    {
        var settings = new SidecarSettings(Vocabulary, "bench", 4096, 32_768, 256, 256L << 20, null);
        using var sidecar = new SidecarService(settings);
        var access = new AccessSettings(null, 16 << 20);
        var endpoint = RpcEndpoint.Unix(Path.Combine(Path.GetTempPath(), $"atlas-bench-{Guid.NewGuid():N}.sock"));
        var metrics = new MetricSet();
        await using var run = new ServiceRun(
            ServiceBuilder.Service(null, sidecar, metrics, access), metrics, new ServeSettings([endpoint], null, TimeSpan.FromSeconds(5), access));
        sidecar.Start();
        await run.StartAsync().ConfigureAwait(false);

        await using var client = await AtlasClient.ConnectAsync(endpoint, Options).ConfigureAwait(false);
        var one = new SidecarLoad(client, 1);
        await CallsAsync(one, calls / 4).ConfigureAwait(false);
        long allocated = GC.GetTotalAllocatedBytes(precise: true), drafted = one.Drafted;
        double[] single = await CallsAsync(one, calls).ConfigureAwait(false);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        await using var many = await AtlasClient.ConnectAsync(endpoint, Options).ConfigureAwait(false);
        var batch = new SidecarLoad(many, 64);
        await CallsAsync(batch, calls / 40).ConfigureAwait(false);
        double[] batches = await CallsAsync(batch, calls / 10).ConfigureAwait(false);
        double perSecond = await ThroughputAsync(endpoint, calls).ConfigureAwait(false);
        await run.StopAsync().ConfigureAwait(false);
        return new SidecarFigures(
            Percentiles.Median(single), Percentiles.Of(single, 0.99), Percentiles.Median(batches), perSecond, (one.Drafted - drafted) / (double)calls, allocated / (double)calls);
    }

    // Microseconds of so many calls, one after the other.
    private static async Task<double[]> CallsAsync(SidecarLoad load, int calls)
    {
        double[] took = new double[calls];
        await load.OpenAsync().ConfigureAwait(false);
        for (int i = 0; i < calls; i++)
        {
            if (load.IsFull) await load.OpenAsync().ConfigureAwait(false);
            long begin = Stopwatch.GetTimestamp();
            await load.CallAsync().ConfigureAwait(false);
            took[i] = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
            load.Verify();
        }
        // Off the connection's reading loop, which is to end later.
        await Task.Yield();
        return took;
    }

    private static async Task<double> ThroughputAsync(RpcEndpoint endpoint, int calls)
    {
        var clients = new List<AtlasClient>();
        try
        {
            for (int i = 0; i < Connections; i++) clients.Add(await AtlasClient.ConnectAsync(endpoint, Options).ConfigureAwait(false));
            var loads = clients.Select(client => new SidecarLoad(client, 1)).ToArray();
            double[] rates = new double[Rounds];
            for (int round = -1; round < Rounds; round++)
            {
                foreach (var load in loads) await load.OpenAsync().ConfigureAwait(false);
                long begin = Stopwatch.GetTimestamp();
                await Task.WhenAll(loads.Select(load => Task.Run(() => CallsUntimedAsync(load, calls / 2)))).ConfigureAwait(false);
                if (round >= 0) rates[round] = Connections * (calls / 2) / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }
            Array.Sort(rates);
            return rates[Rounds / 2];
        }
        finally
        {
            foreach (var client in clients) await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task CallsUntimedAsync(SidecarLoad load, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            if (load.IsFull) await load.OpenAsync().ConfigureAwait(false);
            await load.CallAsync().ConfigureAwait(false);
            load.Verify();
        }
        await Task.Yield();
    }
}
