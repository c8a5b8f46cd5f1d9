using System.Diagnostics;
using Atlas.Client;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Xunit.Abstractions;

namespace Atlas.Host.Tests.Serve;

/// <summary>
/// A service under all kinds of load for a while, as a process of its own: its memory comes to rest, nothing fails, and what it writes is the same in
/// the end as in the beginning. <see cref="Campaign"/> says for how long.
/// </summary>
public sealed class SoakCampaignTests(TinyPair pair, ITestOutputHelper output) : IClassFixture<TinyPair>
{
    private const int Seconds = 300;
    private const int Clients = 4;
    private const int Namespaces = 3;
    private const int HiddenSize = 16;
    private const int Vocabulary = ServingSidecar.Vocabulary;

    private static readonly TimeSpan ReadingInterval = TimeSpan.FromMilliseconds(100);

    // By seed, as they were written first.
    private readonly Dictionary<int, int[]> _texts = [];

    [UnixFact]
    [Trait("Speed", "slow")]
    public Task A_sidecar_comes_to_rest() => SoakAsync(
        ["--sidecar", "--vocabulary", $"{Vocabulary}", "--hidden-size", $"{HiddenSize}", "--learning-memory-mib", "16"], checkpoints: true, DraftForAWhileAsync);

    [UnixFact]
    [Trait("Speed", "slow")]
    public Task A_service_with_a_target_comes_to_rest() => SoakAsync(
        ["--target", pair.Target, "--draft", pair.Draft, "--threads", "1", "--context", "256", "--kv-memory-mib", "8", "--max-batch", "6"], checkpoints: false, GenerateForAWhileAsync);

    private async Task SoakAsync(string[] options, bool checkpoints, Func<AtlasClient, Random, Task> work)
    {
        using var scratch = new Scratch();
        string socket = scratch.At("soak.sock");
        using var process = AtlasProgram.Start(["serve", "--listen", socket, .. options, .. checkpoints ? ["--checkpoints", scratch.At("state")] : Array.Empty<string>()]);
        try
        {
            Assert.Equal($"atlas serves on unix:{socket}", await process.StandardOutput.ReadLineAsync());
            var endpoint = RpcEndpoint.Unix(socket);
            await using var watching = await AtlasClient.ConnectAsync(endpoint);
            using var end = new CancellationTokenSource(TimeSpan.FromSeconds(Campaign.Of(Seconds)));
            var clients = Enumerable.Range(0, Clients).Select(index => Task.Run(() => WorkAsync(endpoint, new Random(Campaign.Seed + index), work, end.Token))).ToArray();
            var memory = new MemoryWatch();
            while (!end.IsCancellationRequested && !clients.Any(client => client.IsFaulted))
            {
                var figures = (await watching.StatsAsync()).Values;
                memory.Add(figures["managed_heap_bytes"], figures["process_resident_memory_bytes"]);
                await Task.Delay(ReadingInterval, CancellationToken.None);
            }
            await Task.WhenAll(clients);
            output.WriteLine($"{clients.Sum(client => client.Result)} pieces of work in {Campaign.Of(Seconds)} s; MiB: {memory}");
            memory.AssertFlat(Campaign.IsFull ? 1.1 : 1.3);
            await AssertAtRestAsync(watching);
            ProcessSignal.Terminate(process);
            await process.WaitForExitAsync();
            Assert.Equal(("", 0), (await process.StandardError.ReadToEndAsync(), process.ExitCode));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    // One connection after the other, each for some pieces of work; every third ends in the middle of one. Returns the pieces.
    private static async Task<int> WorkAsync(RpcEndpoint endpoint, Random random, Func<AtlasClient, Random, Task> work, CancellationToken end)
    {
        int pieces = 0;
        while (!end.IsCancellationRequested)
        {
            var client = await AtlasClient.ConnectAsync(endpoint, new AtlasClientOptions { Reconnect = ReconnectPolicy.Never }, CancellationToken.None);
            for (int left = random.Next(1, 30); left > 0 && !end.IsCancellationRequested; left--, pieces++) await work(client, random);
            if (random.Next(3) > 0)
            {
                await client.DisposeAsync();
                continue;
            }
            var lost = work(client, random);
            await Task.Delay(random.Next(4), CancellationToken.None);
            await client.DisposeAsync();
            await lost.ContinueWith(_ => { }, TaskScheduler.Default);
        }
        return pieces;
    }

    // A session from its opening to its end: text that repeats in part, states, probabilities, and now and then something else.
    private static async Task DraftForAWhileAsync(AtlasClient client, Random random)
    {
        string name = $"tenant-{random.Next(Namespaces)}";
        if (random.Next(60) == 0) await client.ForgetAsync(name);
        if (random.Next(100) == 0) await client.WeightsUpdatedAsync(new WeightsUpdatedParams { Fingerprint = $"step-{random.Next(9)}" });
        if (random.Next(300) == 0) await client.CheckpointAsync();
        long session = random.Next(1 << 30);
        await client.OpenAsync(ServingSidecar.Open(session, Text(random, 40), name));
        var parameters = new DraftParams { VerifyUs = 20_000 };
        var result = new DraftResult();
        var update = parameters.Sequences.Add();
        (update.Session, update.Base, update.Budget, update.Packed) = (session, 40, 6, random.Next(2) == 0);
        for (int call = random.Next(5, 40); call > 0; call--)
        {
            update.Tokens.Set(Text(random, random.Next(1, 60)));
            update.TopK = random.Next(3);
            update.TopTokens.Set(Text(random, update.Tokens.Count * update.TopK));
            update.TopLogprobs.Set([.. Enumerable.Repeat(-1f, update.Tokens.Count * update.TopK)]);
            update.SetHidden([.. Enumerable.Range(0, random.Next(3) == 0 ? 0 : update.Tokens.Count * HiddenSize).Select(_ => random.NextSingle() - 0.5f)], HiddenType.BF16);
            await client.DraftAsync(parameters, result);
            // Somebody forgot its namespace.
            if (result.Sequences[0].Status == DraftStatus.UnknownSession) return;
            Assert.Equal(DraftStatus.Ok, result.Sequences[0].Status);
            update.Base += update.Tokens.Count;
        }
        // Some are left to the end of the connection.
        if (random.Next(4) == 0) return;
        try
        {
            await client.CloseAsync(new CloseParams { Session = session, Learn = random.Next(5) > 0 });
        }
        catch (RpcException e) when (e.Code == RpcErrorCode.UnknownSession)
        {
            // As above.
        }
    }

    // The same request is answered with the same tokens whatever runs beside it and whatever was learned.
    private async Task GenerateForAWhileAsync(AtlasClient client, Random random)
    {
        string name = $"tenant-{random.Next(Namespaces)}";
        if (random.Next(60) == 0) await client.ForgetAsync(name);
        int seed = random.Next(8);
        var request = new GenerateParams { Prompt = "one two three", MaxTokens = 60, N = random.Next(1, 4), Seed = (ulong)seed, Temperature = 1, IgnoreEnd = true, Namespace = name };
        if (random.Next(5) == 0)
        {
            using var cancelling = new CancellationTokenSource(random.Next(1, 10));
            await client.GenerateAsync(request, cancelling.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }
        GenerateResult answer;
        try
        {
            answer = await client.GenerateAsync(request, CancellationToken.None);
        }
        catch (RpcException e) when (e.Code == RpcErrorCode.Cancelled)
        {
            // Somebody forgot its namespace.
            return;
        }
        int[] tokens = answer.Choices[0].Tokens.Span.ToArray();
        lock (_texts)
        {
            if (_texts.TryAdd(seed, tokens)) return;
            Assert.Equal(_texts[seed], tokens);
        }
    }

    private static async Task AssertAtRestAsync(AtlasClient client)
    {
        var clock = Stopwatch.StartNew();
        Dictionary<string, double> figures;
        do
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "something is held a minute after all clients have gone");
            await Task.Delay(20);
            figures = new((await client.StatsAsync()).Values);
        }
        while (figures["connections"] > 1 || figures.GetValueOrDefault("sidecar_sessions") > 0 || figures.GetValueOrDefault("num_requests_running") + figures.GetValueOrDefault("num_requests_waiting") > 0);
        foreach (string fault in (string[])["speculator_faults", "sidecar_ahead_faults", "trainer_faults", "generate_requests_failed", "sidecar_hidden_refused"])
            Assert.Equal(0, figures.GetValueOrDefault(fault));
    }

    // Half of it a circle of twenty tokens, half of it noise.
    private static int[] Text(Random random, int count)
    {
        int from = random.Next(20);
        bool repeats = random.Next(2) == 0;
        return [.. Enumerable.Range(from, count).Select(position => repeats ? 10 + (position * 7 % 20) : random.Next(Vocabulary))];
    }
}
