using Atlas.Client;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary><c>atlas serve</c> as a process: what it refuses, and how it ends.</summary>
public sealed class ServeProcessTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [UnixFact]
    public async Task Terminated_it_finishes_what_runs_and_ends_with_0()
    {
        using var scratch = new Scratch();
        string socket = scratch.At("atlas.sock");
        using var process = AtlasProgram.Start(
            ["serve", "--listen", socket, "--target", pair.Target, "--draft", pair.Draft, "--threads", "1", "--context", "512", "--kv-memory-mib", "16"]);
        Assert.Equal($"atlas serves on unix:{socket}", await process.StandardOutput.ReadLineAsync());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));
        await using var client = await AtlasClient.ConnectAsync(RpcEndpoint.Unix(socket));
        Assert.Equal(["static", "suffix", "recall", "learned"], client.Service.Speculators);
        Assert.Equal(512, client.Service.MaxTokens);
        var running = client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 300, N = 4, Temperature = 1, IgnoreEnd = true });
        while (true)
        {
            var stats = (await client.StatsAsync()).Values;
            if (stats["num_requests_running"] + stats["generate_requests_completed"] > 0) break;
        }
        ProcessSignal.Terminate(process);
        Assert.Equal(1200, (await running).CompletionTokens);
        await process.WaitForExitAsync();
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
        Assert.Equal(0, process.ExitCode);
        Assert.False(File.Exists(socket));
    }

    [UnixFact]
    public async Task Over_tcp_it_wants_the_token_of_its_file()
    {
        using var scratch = new Scratch();
        using var process = AtlasProgram.Start(
            ["serve", "--sidecar", "--vocabulary", "50", "--listen", "tcp:127.0.0.1:0", "--token-file", scratch.Write("token", "secret\n")]);
        string line = (await process.StandardOutput.ReadLineAsync())!;
        var endpoint = RpcEndpoint.Parse(line["atlas serves on ".Length..]);
        try
        {
            foreach (string token in (string[])["", "other"])
            {
                var refused = await Assert.ThrowsAsync<RpcException>(() => AtlasClient.ConnectAsync(endpoint, new AtlasClientOptions { Token = token }));
                Assert.Equal(RpcErrorCode.Unauthorized, refused.Code);
            }
            await using var client = await AtlasClient.ConnectAsync(endpoint, new AtlasClientOptions { Token = "secret" });
            Assert.Equal(50, client.Service.VocabularySize);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public void What_cannot_be_served_is_refused_in_one_line()
    {
        AtlasProgram.Run("serve", "--target", pair.Target).Refused("--listen");
        AtlasProgram.Run("serve", "--listen", "nowhere", "--target", pair.Target).Refused("nowhere", "unix:PATH");
        AtlasProgram.Run("serve", "--listen", "tcp:127.0.0.1:0", "--target", pair.Target).Refused("--token-file");
        AtlasProgram.Run("serve", "--listen", "/tmp/x.sock", "--token-file", "/not/there", "--target", pair.Target).Refused("/not/there");
        AtlasProgram.Run("serve", "--listen", "/tmp/x.sock", "--http", "70000", "--target", pair.Target).Refused("--http", "65535");
        AtlasProgram.Run("serve", "--listen", "/tmp/x.sock", "--verification", "rejection", "--draft", pair.Draft, "--target", pair.Target).Refused("rejection");
    }
}
