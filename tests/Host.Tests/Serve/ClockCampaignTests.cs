using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Atlas.Client;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>
/// A process whose time of day jumps backwards and forwards by up to days while it serves: nothing waits, ends or is written for it, since all that
/// measures time asks a clock that only goes forward. <see cref="Campaign"/> says for how long.
/// </summary>
public sealed class ClockCampaignTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const int Seconds = 90;
    private const int Clients = 3;
    private const int IdleSeconds = 4;

    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    [ClockFact]
    [Trait("Speed", "slow")]
    public async Task A_sidecar_drafts_learns_saves_and_closes_as_if_nothing_were()
    {
        using var scratch = new Scratch();
        await ServeAsync(
            scratch,
            ["--sidecar", "--vocabulary", $"{ServingSidecar.Vocabulary}", "--idle-time", $"{IdleSeconds}", "--checkpoints", scratch.At("state")],
            async (endpoint, _, _, end) =>
            {
                var begun = Stopwatch.StartNew();
                await using var silent = await AtlasClient.ConnectAsync(endpoint, new AtlasClientOptions { Reconnect = ReconnectPolicy.Never }, CancellationToken.None);
                var clients = Enumerable.Range(0, Clients).Select(index => Task.Run(() => DraftAsync(endpoint, index, end))).ToArray();
                await using var watching = await AtlasClient.ConnectAsync(endpoint, cancellation: CancellationToken.None);
                TimeSpan? closed = null;
                while (!end.IsCancellationRequested)
                {
                    await watching.StatsAsync(cancellation: CancellationToken.None);
                    if (!silent.IsConnected) closed ??= begun.Elapsed;
                    await Task.Delay(50, CancellationToken.None);
                }
                int[] calls = await Task.WhenAll(clients);
                // What it had no time for under load it learns when there is none.
                var figures = (await watching.StatsAsync(cancellation: CancellationToken.None)).Values;
                for (; figures["trainer_published"] == 0; figures = (await watching.StatsAsync(cancellation: CancellationToken.None)).Values)
                {
                    Assert.True(begun.Elapsed < TimeSpan.FromSeconds(2 * Seconds), "nothing was published");
                    await Task.Delay(50, CancellationToken.None);
                }
                Assert.InRange(closed ?? TimeSpan.Zero, TimeSpan.FromSeconds(IdleSeconds * 0.9), TimeSpan.FromSeconds(IdleSeconds) + Longest);
                Assert.Equal(1, figures["connections_closed_idle"]);
                Assert.Equal((calls.Sum(), 0), (figures["sidecar_draft_calls"], figures["sidecar_deadlines_missed"]));
                // All that the calls took, of that many at once.
                Assert.Equal(calls.Sum(), figures["sidecar_draft_seconds_count"]);
                Assert.InRange(figures["sidecar_draft_seconds_sum"], 0, Clients * begun.Elapsed.TotalSeconds);
                Assert.InRange(figures["uptime_seconds"], begun.Elapsed.TotalSeconds - 1, begun.Elapsed.TotalSeconds + 60);
                Assert.Equal(0, figures["trainer_faults"] + figures["speculator_faults"] + figures["sidecar_ahead_faults"]);
                // What was learned of each tenant is saved once a minute, and no oftener than that, whatever the day.
                int least = (int)((begun.Elapsed - Longest) / CheckpointInterval), most = (int)((begun.Elapsed + Longest) / CheckpointInterval);
                Assert.InRange(Folders(scratch, "memory-*").Length, least * Clients, most * Clients);
                Assert.All(Folders(scratch, "version-*").GroupBy(folder => Path.GetDirectoryName(folder)), one => Assert.InRange(one.Count(), 1, 1 + most));
            });
    }

    [ClockFact]
    [Trait("Speed", "slow")]
    public async Task A_service_with_a_target_writes_the_same_tokens_and_measures_as_before()
    {
        using var scratch = new Scratch();
        await ServeAsync(
            scratch,
            ["--target", pair.Target, "--draft", pair.Draft, "--threads", "1", "--context", "256", "--kv-memory-mib", "8", "--http", "0"],
            async (endpoint, address, clock, end) =>
            {
                var begun = Stopwatch.StartNew();
                var clients = Enumerable.Range(0, Clients).Select(index => Task.Run(() => GenerateAsync(endpoint, index, end))).ToArray();
                await using var watching = await AtlasClient.ConnectAsync(endpoint, cancellation: CancellationToken.None);
                while (!end.IsCancellationRequested)
                {
                    await watching.StatsAsync(cancellation: CancellationToken.None);
                    await Task.Delay(50, CancellationToken.None);
                }
                int[] requests = await Task.WhenAll(clients);
                var figures = (await watching.StatsAsync(cancellation: CancellationToken.None)).Values;
                Assert.True(requests.Min() > 0);
                Assert.Equal((requests.Sum(), 0), (figures["generate_requests_completed"], figures["generate_requests_failed"] + figures["trainer_faults"]));
                foreach (string histogram in (string[])["e2e_request_latency_seconds", "time_to_first_token_seconds", "request_queue_time_seconds"])
                {
                    Assert.Equal(requests.Sum(), figures[histogram + "_count"]);
                    Assert.InRange(figures[histogram + "_sum"], 0, Clients * begun.Elapsed.TotalSeconds);
                }
                Assert.InRange(figures["step_seconds"], 0, begun.Elapsed.TotalSeconds + 1);
                // Where a time of day is written it is the process's own: the clock did jump.
                using var client = new HttpClient { BaseAddress = new Uri(address) };
                foreach (var offset in (TimeSpan[])[TimeSpan.FromDays(-400), TimeSpan.FromDays(400)])
                {
                    clock.Offset = offset;
                    using var body = new StringContent("""{ "model": "target", "prompt": "one", "max_tokens": 1 }""", Encoding.UTF8, "application/json");
                    using var answer = await client.PostAsync(new Uri("/v1/completions", UriKind.Relative), body, CancellationToken.None);
                    var created = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None)).RootElement.GetProperty("created").GetInt64();
                    Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(created) - DateTimeOffset.UtcNow - offset, TimeSpan.FromSeconds(-60), TimeSpan.FromSeconds(60));
                }
            });
    }

    // Serves while the clock jumps and the work goes on, then ends it as a system does.
    private static async Task ServeAsync(Scratch scratch, string[] options, Func<RpcEndpoint, string, WallClock, CancellationToken, Task> work)
    {
        using var clock = new WallClock(scratch);
        string socket = scratch.At("clock.sock");
        using var process = AtlasProgram.Start(["serve", "--listen", socket, "--drain-time", "2", .. options], clock.Environment);
        string[] addresses = ((await process.StandardOutput.ReadLineAsync()) ?? await process.StandardError.ReadToEndAsync())["atlas serves on ".Length..].Split(", ");
        Assert.Equal($"unix:{socket}", addresses[0]);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(Campaign.Of(Seconds)));
        var jumping = JumpAsync(clock, end.Token);
        await work(RpcEndpoint.Unix(socket), addresses[^1], clock, end.Token);
        Assert.True(await jumping > 10);
        // Also while it ends.
        clock.Offset = TimeSpan.FromDays(-3);
        var ending = Stopwatch.StartNew();
        ProcessSignal.Terminate(process);
        await Task.Delay(20);
        clock.Offset = TimeSpan.FromDays(3);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(("", 0), (await process.StandardError.ReadToEndAsync(), process.ExitCode));
        Assert.InRange(ending.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    // Backwards and forwards, by a second or by days; returns how often.
    private static async Task<int> JumpAsync(WallClock clock, CancellationToken end)
    {
        var random = new Random(Campaign.Seed);
        int jumps = 0;
        while (!end.IsCancellationRequested)
        {
            double seconds = Math.Exp(random.NextDouble() * Math.Log(TimeSpan.FromDays(20).TotalSeconds));
            clock.Offset = TimeSpan.FromSeconds(random.Next(2) == 0 ? seconds : -seconds);
            jumps++;
            await Task.Delay(random.Next(60), CancellationToken.None);
        }
        return jumps;
    }

    // Session after session, each call with a deadline that is far off; returns the calls.
    private static async Task<int> DraftAsync(RpcEndpoint endpoint, int index, CancellationToken end)
    {
        const int prompt = 4, length = 90;
        await using var client = await AtlasClient.ConnectAsync(endpoint, new AtlasClientOptions { Reconnect = ReconnectPolicy.Never }, CancellationToken.None);
        int calls = 0;
        for (int session = 0; !end.IsCancellationRequested; session++)
        {
            await client.OpenAsync(ServingSidecar.Open(session, [.. Enumerable.Range(0, prompt).Select(position => Truth(session, position))], $"tenant-{index}"), CancellationToken.None);
            for (int position = prompt; position < length && !end.IsCancellationRequested; calls++)
            {
                long begin = Stopwatch.GetTimestamp();
                var draft = await ServingSidecar.DraftAsync(client, session, position, [Truth(session, position), Truth(session, position + 1)], deadline: (long)Longest.TotalMicroseconds);
                position += 2;
                Assert.Equal((DraftStatus.Ok, (long)position), (draft.Status, draft.Position));
                Assert.InRange(Stopwatch.GetElapsedTime(begin), TimeSpan.Zero, Longest);
                await Task.Delay(2, CancellationToken.None);
            }
            await client.CloseAsync(new CloseParams { Session = session }, CancellationToken.None);
        }
        return calls;
    }

    private static string[] Folders(Scratch scratch, string pattern) =>
        Directory.Exists(scratch.At("state")) ? Directory.GetDirectories(scratch.At("state"), pattern, SearchOption.AllDirectories) : [];

    // A circle of 97 tokens, of which a session is a part: nothing repeats in it, and each token tells the next.
    private static int Truth(int session, int position) => ((session * 13) + (position * 37)) % 97;

    // The same request again and again must be answered with the same tokens; returns the requests.
    private static async Task<int> GenerateAsync(RpcEndpoint endpoint, int index, CancellationToken end)
    {
        await using var client = await AtlasClient.ConnectAsync(endpoint, new AtlasClientOptions { Reconnect = ReconnectPolicy.Never }, CancellationToken.None);
        int[]? first = null;
        int requests = 0;
        for (; !end.IsCancellationRequested; requests++)
        {
            var answer = await client.GenerateAsync(
                new GenerateParams { Prompt = "one two three", MaxTokens = 40, Seed = (ulong)index, Temperature = 1, IgnoreEnd = true }, CancellationToken.None);
            first ??= answer.Choices[0].Tokens.Span.ToArray();
            Assert.Equal(first, answer.Choices[0].Tokens.Span.ToArray());
        }
        return requests;
    }
}
