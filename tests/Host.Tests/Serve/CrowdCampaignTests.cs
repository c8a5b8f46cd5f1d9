using Atlas.Client;
using Atlas.Evaluation.Traces;
using Atlas.Host.Service.Recording;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>
/// Two hundred and fifty-six at once: what each commits arrives whole, once and unaltered, whatever the others do. <see cref="Campaign"/> says how much
/// each of them does.
/// </summary>
public sealed class CrowdCampaignTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const int AtOnce = 256;
    private const int Connections = 16;
    private const int Tenants = 8;

    // Each tenant's texts keep to tokens of their own, so that a draft shows whose text it comes from.
    private const int OwnTokens = ServingSidecar.Vocabulary / Tenants;

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Sessions_of_a_sidecar_hold_what_their_servers_committed_and_nothing_else()
    {
        using var scratch = new Scratch();
        string path = scratch.At("trace.jsonl");
        CrowdSession[] sessions = [.. Enumerable.Range(0, AtOnce).Select(number => new CrowdSession(number, number % Tenants, OwnTokens))];
        using (var recorder = new TrafficRecorder(path))
        {
            await using var serving = await ServingSidecar.StartAsync(
                ServingSidecar.Settings() with { MaxSessions = AtOnce, MaxBatch = 32, MaxTokens = 1 << 14, Recorder = recorder });
            var working = sessions.Chunk(AtOnce / Connections).Select(own => Task.Run(() => ServeAsync(serving, own))).ToArray();
            await Task.WhenAll(working);
            Assert.Equal(0, serving.Read("sidecar_sessions"));
            Assert.Equal(sessions.Sum(session => session.Committed), serving.Read("sidecar_committed_tokens"));
            Assert.Equal(sessions.Sum(session => session.Refused), serving.Read("sidecar_refused"));
            Assert.True(serving.Read("spec_decode_num_accepted_tokens") > 0);
            foreach (string fault in (string[])["speculator_faults", "sidecar_ahead_faults", "trainer_faults", "recorded_requests_dropped"]) Assert.Equal(0, serving.Read(fault));
            while (serving.Read("connections") > 0) await Task.Delay(5);
        }
        var recorded = TraceReader.Read(path).ToDictionary(request => string.Join(',', request.Prompt.Tokens!.Take(CrowdSession.MarkTokens)));
        Assert.Equal(AtOnce, recorded.Count);
        foreach (var session in sessions)
        {
            var one = recorded[session.Mark];
            Assert.Equal(session.Name, one.Namespace);
            Assert.Equal(session.Text, one.Prompt.Tokens!.Concat(one.Completion!.Tokens!));
        }
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Completions_are_those_that_they_are_alone()
    {
        const int seeds = 16;
        await using var serving = await ServingPair.StartAsync(pair, waiting: AtOnce);
        await using var client = await serving.ConnectAsync();
        var alone = new int[seeds][];
        for (int seed = 0; seed < seeds; seed++) alone[seed] = Tokens(await client.GenerateAsync(Request(seed, 0)));
        var connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => serving.ConnectAsync()));
        for (int round = 0; round < Campaign.Of(20); round++)
        {
            var together = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => connections[i % Connections].GenerateAsync(Request(i % seeds, i))));
            for (int i = 0; i < AtOnce; i++) Assert.Equal(alone[i % seeds], Tokens(together[i]));
        }
        Assert.Equal(seeds + (AtOnce * Campaign.Of(20)), serving.Read("generate_requests_completed"));
        Assert.Equal(0, serving.Read("generate_requests_failed") + serving.Read("num_requests_running") + serving.Read("num_requests_waiting"));
        foreach (var connection in connections) await connection.DisposeAsync();
    }

    private static GenerateParams Request(int seed, int tenant) =>
        new() { Prompt = "one two three", MaxTokens = 24, Seed = (ulong)seed, Temperature = 1, IgnoreEnd = true, Namespace = $"tenant-{tenant % Tenants}" };

    private static int[] Tokens(GenerateResult result) => result.Choices[0].Tokens.Span.ToArray();

    // One connection's sessions from their opening to their end: some of them in each call, now and then a commit alone, one sent twice or one ahead of its time.
    private static async Task ServeAsync(ServingSidecar serving, CrowdSession[] sessions)
    {
        await using var client = await serving.ConnectAsync();
        var random = new Random(Campaign.Seed + sessions[0].Number);
        foreach (var session in sessions) await client.OpenAsync(session.Open());
        var parameters = new DraftParams { VerifyUs = 20_000 };
        var result = new DraftResult();
        for (int call = 0; call < Campaign.Of(1000); call++)
        {
            if (random.Next(4) == 0) await CommitAsync(client, sessions[random.Next(sessions.Length)], random);
            parameters.Sequences.Clear();
            var asked = sessions.Where(_ => random.Next(2) == 0).ToArray();
            foreach (var session in asked) session.Fill(parameters.Sequences.Add(), random);
            await client.DraftAsync(parameters, result);
            Assert.Equal(asked.Length, result.Sequences.Count);
            for (int i = 0; i < asked.Length; i++) asked[i].Take(result.Sequences[i]);
        }
        foreach (var session in sessions)
            Assert.Equal(session.Position, (await client.CloseAsync(new CloseParams { Session = session.Number })).Position);
    }

    private static async Task CommitAsync(AtlasClient client, CrowdSession session, Random random)
    {
        var update = new SequenceUpdate();
        session.Fill(update, random);
        if (session.IsAway is { } code)
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(() => client.CommitAsync(update))).Code);
            return;
        }
        Assert.Equal(session.Expected, (await client.CommitAsync(update)).Position);
        session.TakeCommit();
    }
}
