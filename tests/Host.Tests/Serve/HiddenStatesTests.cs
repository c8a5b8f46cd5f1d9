using Atlas.Client;
using Atlas.Host.Service;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Tests.Serve;

/// <summary>A server that sends its target's hidden states with what it commits: what they are good for, and what is wrong with others.</summary>
public sealed class HiddenStatesTests
{
    private const int Size = 24;
    private const int Length = 300;

    [Theory]
    [InlineData(HiddenType.F32)]
    [InlineData(HiddenType.F16)]
    [InlineData(HiddenType.BF16)]
    public async Task What_followed_a_similar_state_is_drafted_and_what_followed_the_same_token_elsewhere_is_not(HiddenType type)
    {
        await using var serving = await ServingSidecar.StartAsync(Settings());
        await using var client = await serving.ConnectAsync();
        Assert.Equal(Size, client.Service.HiddenSize);
        Assert.Equal(["suffix", "learned", "recall"], client.Service.Speculators);
        // Two subjects, whose texts have every other token in common; only the states tell which it is.
        int[][] subjects = [Text(1), Text(2)];
        for (int subject = 0; subject < 2; subject++) await CommitAsync(client, 10 + subject, subjects[subject], subject, type);
        for (int subject = 0; subject < 2; subject++) AssertKnown(await DraftAsync(client, 20 + subject, subjects[subject], subject, type));
        // All behind each first token.
        Assert.Equal(4 * (Length - 1), serving.Read("sidecar_hidden_states"));
        Assert.Equal(0, serving.Read("sidecar_hidden_refused"));
        Assert.Equal(0, serving.Read("speculator_faults"));
    }

    [Fact]
    public async Task Without_the_option_states_are_passed_over_and_nobody_recalls()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        Assert.Equal((0, false), (client.Service.HiddenSize, client.Service.Speculators.Contains("recall")));
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.OpenAsync(ServingSidecar.Open(1, [1], speculator: "recall")));
        Assert.Equal(RpcErrorCode.NotSupported, refused.Code);
        await client.OpenAsync(ServingSidecar.Open(1, [1]));
        Assert.Equal(3, (await client.CommitAsync(Update(1, 1, [2, 3], new float[14]))).Position);
    }

    [Fact]
    public async Task A_wrong_width_is_named_and_nothing_is_committed()
    {
        await using var serving = await ServingSidecar.StartAsync(Settings());
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, [1]));
        await client.OpenAsync(ServingSidecar.Open(2, [1]));
        var draft = new DraftParams();
        var good = draft.Sequences.Add();
        (good.Session, good.Base) = (1, 1);
        good.Tokens.Set([2]);
        var bad = draft.Sequences.Add();
        (bad.Session, bad.Base) = (2, 1);
        bad.Tokens.Set([2, 3]);
        bad.SetHidden(new float[2 * (Size - 1)], HiddenType.F16);
        var error = (await Assert.ThrowsAsync<RpcException>(() => client.DraftAsync(draft, new DraftResult()).AsTask())).Error;
        Assert.Equal((RpcErrorCode.InvalidParams, "sequences[1].hidden"), (error.Code, error.Parameter));
        Assert.Equal("sequences[1].hidden: holds 92 bytes; expected 96, 24 numbers of 2 bytes for each of 2 tokens", error.Message);
        error = (await Assert.ThrowsAsync<RpcException>(() => client.CommitAsync(Update(2, 1, [2], new float[Size + 1])))).Error;
        Assert.Equal((RpcErrorCode.InvalidParams, "hidden"), (error.Code, error.Parameter));
        // All of it again, rightly.
        bad.SetHidden(new float[2 * Size]);
        var result = new DraftResult();
        await client.DraftAsync(draft, result);
        Assert.Equal((2, 3), (result.Sequences[0].Position, result.Sequences[1].Position));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(0f)]
    public async Task What_is_no_state_is_counted_and_does_no_harm(float number)
    {
        await using var serving = await ServingSidecar.StartAsync(Settings());
        await using var client = await serving.ConnectAsync();
        int[] text = Text(1);
        await CommitAsync(client, 1, text, 1, HiddenType.F32);
        await client.OpenAsync(ServingSidecar.Open(2, text[..1], speculator: "recall"));
        for (int position = 1; position < 20; position++)
        {
            float[] state = new float[Size];
            Array.Fill(state, number);
            var update = Update(2, position, [text[position]], state);
            update.Budget = 4;
            var draft = await StatedDrafts.DraftAsync(client, update);
            Assert.Equal((DraftStatus.Ok, position + 1L, 0), (draft.Status, draft.Position, draft.Tokens.Count));
        }
        Assert.Equal(19, serving.Read("sidecar_hidden_refused"));
        Assert.Equal(0, serving.Read("speculator_faults"));
        AssertKnown(await DraftAsync(client, 3, text, 1, HiddenType.F32));
    }

    [Fact]
    public async Task Namespaces_share_no_states_and_a_forgotten_one_has_none()
    {
        await using var serving = await ServingSidecar.StartAsync(Settings());
        await using var client = await serving.ConnectAsync();
        int[] text = Text(1);
        await CommitAsync(client, 1, text, 1, HiddenType.F32, "mine");
        AssertKnown(await DraftAsync(client, 2, text, 1, HiddenType.F32, "mine"));
        AssertUnknown(await DraftAsync(client, 3, text, 1, HiddenType.F32, "other"));
        Assert.True((await client.ForgetAsync("mine")).Bytes > 0);
        AssertUnknown(await DraftAsync(client, 4, text, 1, HiddenType.F32, "mine"));
    }

    [Fact]
    public void Whatever_bytes_come_they_are_refused_by_name_or_committed()
    {
        using var sidecar = new SidecarService(Settings());
        var peer = new ServicePeer(new RpcConnection(Stream.Null, new ServiceDispatcher(ServiceBuilder.Service(null, sidecar, new MetricSet(), new AccessSettings(null, 1 << 20)))));
        var random = new Random(Campaign.Seed);
        sidecar.Open(peer, ServingSidecar.Open(1, [1]));
        long position = 1;
        int refused = 0, committed = 0;
        for (int i = 0; i < Campaign.Of(50_000); i++)
        {
            var update = new SequenceUpdate { Session = 1, Base = position, Budget = 4, HiddenType = (HiddenType)random.Next(3) };
            update.Tokens.Set([.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(ServingSidecar.Vocabulary))]);
            int right = update.Tokens.Count * Size * update.HiddenNumberBytes;
            byte[] bytes = new byte[random.Next(3) switch { 0 => right, 1 => random.Next(2 * Size * 4), _ => Math.Max(0, right + random.Next(-2, 3)) }];
            random.NextBytes(bytes);
            update.Hidden.Set(bytes);
            var parameters = new DraftParams();
            var result = new DraftResult();
            try
            {
                StatedDrafts.Copy(update, parameters.Sequences.Add());
                sidecar.Draft(peer, parameters, result);
                Assert.Equal(DraftStatus.Ok, result.Sequences[0].Status);
                Assert.True(bytes.Length == right || bytes.Length == 0);
                position += update.Tokens.Count;
                committed++;
            }
            catch (RpcException e)
            {
                Assert.Equal((RpcErrorCode.InvalidParams, "sequences[0].hidden"), (e.Code, e.Error.Parameter));
                Assert.NotEqual(right, bytes.Length);
                refused++;
            }
            if (position < 4000) continue;
            sidecar.Close(peer, new CloseParams { Session = 1 });
            sidecar.Open(peer, ServingSidecar.Open(1, [1]));
            position = 1;
        }
        Assert.True(refused > committed / 2 && committed > refused / 4, $"{refused} refused, {committed} committed");
        Assert.Equal(position, sidecar.Close(peer, new CloseParams { Session = 1 }).Position);
    }

    private static SidecarSettings Settings() => ServingSidecar.Settings() with { HiddenSize = Size };

    // Every other token is 1.
    private static int[] Text(int subject)
    {
        var random = new Random(subject);
        return [.. Enumerable.Range(0, Length).Select(position => position % 2 == 0 ? 1 : random.Next(2, ServingSidecar.Vocabulary))];
    }

    // What the target was in when it wrote the token at a position: different everywhere, never quite the same.
    private static float[] State(int subject, int position, Random noise)
    {
        var random = new Random((subject * 10_000) + position);
        return [.. Enumerable.Range(0, Size).Select(_ => (random.NextSingle() * 2) - 1 + (0.1f * noise.NextSingle()))];
    }

    private static async Task CommitAsync(AtlasClient client, long session, int[] text, int subject, HiddenType type, string name = "")
    {
        var noise = new Random((int)session);
        await client.OpenAsync(ServingSidecar.Open(session, text[..1], name, "recall"));
        for (int position = 1; position < text.Length; position += 3)
        {
            int count = Math.Min(3, text.Length - position);
            await client.CommitAsync(Update(session, position, text[position..(position + count)], [.. Enumerable.Range(position, count).SelectMany(at => State(subject, at, noise))], type));
        }
        await client.CloseAsync(new CloseParams { Session = session });
    }

    private static void AssertKnown((int Right, int Drafts) found) => Assert.True(found.Drafts > 5 && found.Right > 0.9 * found.Drafts, $"{found} behind the token that both have");

    private static void AssertUnknown((int Right, int Drafts) found) => Assert.True(found.Right <= 0.2 * found.Drafts, $"{found} behind the token that both have");

    // Verifies a text as a server would; how many drafts behind a 1, which tells nothing, began rightly.
    private static async Task<(int Right, int Drafts)> DraftAsync(AtlasClient client, long session, int[] text, int subject, HiddenType type, string name = "")
    {
        var noise = new Random((int)session);
        int right = 0, drafts = 0;
        await client.OpenAsync(ServingSidecar.Open(session, text[..1], name, "recall"));
        for (int position = 1, committed = 1; position < text.Length;)
        {
            int next = position + committed;
            var update = Update(session, position, text[position..next], [.. Enumerable.Range(position, committed).SelectMany(at => State(subject, at, noise))], type);
            update.Budget = 4;
            var draft = await StatedDrafts.DraftAsync(client, update);
            int agreed = Agreed(draft, text.AsSpan(next));
            if (text[next - 1] == 1 && draft.Tokens.Count > 0 && next < text.Length)
            {
                drafts++;
                if (agreed > 0) right++;
            }
            (position, committed) = (next, Math.Min(agreed + 1, text.Length - next));
        }
        return (right, drafts);
    }

    // Draft tokens that the text goes on with.
    private static int Agreed(SequenceDraft draft, ReadOnlySpan<int> text)
    {
        int node = -1, depth = 0;
        for (int i = 0; i < draft.Tokens.Count && depth < text.Length; i++)
        {
            int parent = draft.Parents.Count > 0 ? draft.Parents[i] : i - 1;
            if (parent != node || draft.Tokens[i] != text[depth]) continue;
            node = i;
            depth++;
        }
        return depth;
    }

    private static SequenceUpdate Update(long session, long position, int[] tokens, float[] states, HiddenType type = HiddenType.F32)
    {
        var update = new SequenceUpdate { Session = session, Base = position };
        update.Tokens.Set(tokens);
        update.SetHidden(states, type);
        return update;
    }
}
