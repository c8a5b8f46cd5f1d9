using Atlas.Client;
using Atlas.Host.Service;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>How the service divides the machine.</summary>
public sealed class CoreBudgetTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(4, 4, 2)]
    [InlineData(5, 4, 2)]
    [InlineData(16, 15, 8)]
    public void By_default_no_more_threads_compute_than_there_are_processors(int cores, int target, int draft)
    {
        Assert.Equal(target, CoreBudget.OfTarget(cores, 0).EngineThreads);
        Assert.Equal(draft, CoreBudget.OfComputingSidecar(cores, 0).EngineThreads);
        Assert.Equal((7, 7), (CoreBudget.OfTarget(cores, 7).EngineThreads, CoreBudget.OfComputingSidecar(cores, 7).EngineThreads));
        Assert.Equal(0, CoreBudget.OfText(cores).EngineThreads);
    }

    [UnixFact]
    public async Task The_service_tells_what_it_takes()
    {
        using var scratch = new Scratch();
        string socket = scratch.At("a.sock");
        using var process = AtlasProgram.Start(["serve", "--target", pair.Target, "--draft", pair.Draft, "--cores", "1", "--listen", socket]);
        try
        {
            Assert.Equal($"atlas serves on unix:{socket}", await process.StandardOutput.ReadLineAsync());
            await using var client = await AtlasClient.ConnectAsync(RpcEndpoint.Unix(socket));
            var figures = (await client.StatsAsync()).Values;
            Assert.Equal((1, 1), (figures["cores"], figures["engine_threads"]));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public void More_than_there_are_is_refused_in_one_line() => AtlasProgram.Run(
        "serve", "--sidecar", "--vocabulary", "50", "--listen", "/tmp/never.sock", "--cores", "4096").Refused("--cores", $"0 to {Environment.ProcessorCount}");
}
