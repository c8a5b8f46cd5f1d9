using Atlas.Client;
using Atlas.Host.Service.Sidecar;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Trainer.Online;

namespace Atlas.Host.Tests.Serve;

/// <summary>
/// The learned head on hidden states in a sidecar that has the target's embedding and output rows: a real target runs in another place, decodes
/// greedily and sends the states that its tokens were drawn from.
/// </summary>
public sealed class StateHeadTests(SmallTarget target) : IClassFixture<SmallTarget>
{
    // Nothing here hangs on how fast a machine learns, but on when a test gives up.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("f32")]
    [InlineData("bf16")]
    public async Task With_the_same_weights_and_states_it_drafts_what_the_head_beside_the_target_drafts(string format)
    {
        var head = target.RandomHead(target.Complete(target.Prompt(0), 80).Tokens);
        var text = target.Complete(target.Prompt(0), 80, head);
        await using var serving = await ServingSidecar.StartAsync(Settings() with { StateHeads = target.Heads with { Base = head } });
        await using var client = await serving.ConnectAsync();
        Assert.Equal(["suffix", "learned-text", "recall", "learned"], client.Service.Speculators);
        Assert.Equal((target.Config.HiddenSize, target.Config.VocabularySize), (client.Service.HiddenSize, client.Service.VocabularySize));
        await client.OpenAsync(ServingSidecar.Open(1, text.Tokens[..text.PromptTokens], speculator: "learned"));
        Assert.Equal(0, (await StatedDrafts.DraftAsync(client, Update(text, 0, 0))).Tokens.Count);
        int drafted = 0, deep = 0, same = 0;
        HashSet<int> different = [];
        var type = format == "f32" ? HiddenType.F32 : HiddenType.BF16;
        for (int i = 0; i < text.States.Length; i++)
        {
            var draft = await StatedDrafts.DraftAsync(client, Update(text, i, 1, type));
            int[] tokens = text.Drafts[i];
            int count = draft.Tokens.Count;
            drafted += count;
            Assert.InRange(count, 0, tokens.Length);
            if (draft.Tokens.Span.SequenceEqual(tokens.AsSpan(0, count))) same++;
            if (count > 2) deep++;
            different.UnionWith(draft.Tokens.Span.ToArray());
            if (type != HiddenType.F32) continue;
            Assert.Equal(tokens[..count], draft.Tokens.Span.ToArray());
            if (count > 0) Assert.Equal(("learned", 1L), (draft.Speculator, draft.Version));
        }
        Assert.True(drafted > text.States.Length && deep > 5, $"{drafted} drafted behind {text.States.Length} tokens, {deep} of them further than two");
        Assert.True(different.Count > 10, $"{different.Count} different tokens in {drafted}");
        // Rounded states are nearly the same states.
        Assert.True(same >= 0.8 * text.States.Length, $"{same} of {text.States.Length}");
        Assert.Equal(0, serving.Read("speculator_faults"));
        Assert.Equal(drafted, serving.Read("speculator_draft_tokens{speculator=\"learned\"}"));
    }

    [Fact]
    public async Task It_drafts_for_each_sequence_of_a_batch_and_beside_the_others_as_it_does_alone()
    {
        int[][] prompts = [.. Enumerable.Range(0, 5).Select(i => target.Prompt(i))];
        var head = target.RandomHead([.. prompts.SelectMany(prompt => target.Complete(prompt, 40).Tokens)]);
        StatedCompletion[] texts = [.. prompts.Select(prompt => target.Complete(prompt, 40, head))];
        await using var serving = await ServingSidecar.StartAsync(Settings() with { StateHeads = target.Heads with { Base = head } });
        await using var client = await serving.ConnectAsync();
        // One of them sends no states.
        for (int i = 0; i < texts.Length; i++)
            await client.OpenAsync(ServingSidecar.Open(i, texts[i].Tokens[..texts[i].PromptTokens], speculator: "learned"));
        int drafted = 0;
        for (int at = 0; at < texts.Min(text => text.States.Length); at++)
        {
            var parameters = new DraftParams { VerifyUs = 20_000 };
            for (int i = 0; i < texts.Length; i++)
            {
                var update = Update(texts[i], at, 1);
                update.Session = i;
                if (i == 3) update.Hidden.Clear();
                StatedDrafts.Copy(update, parameters.Sequences.Add());
            }
            var result = new DraftResult();
            await client.DraftAsync(parameters, result);
            for (int i = 0; i < texts.Length; i++)
            {
                int[] tokens = result.Sequences[i].Tokens.Span.ToArray();
                drafted += tokens.Length;
                if (i == 3) Assert.Empty(tokens);
                else Assert.Equal(texts[i].Drafts[at][..tokens.Length], tokens);
            }
        }
        Assert.True(drafted > 20, $"{drafted} drafted");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(0f)]
    public async Task Without_a_state_or_with_what_is_none_it_drafts_nothing_and_goes_on_with_the_next(float number)
    {
        var head = target.RandomHead(target.Complete(target.Prompt(1), 60).Tokens);
        var text = target.Complete(target.Prompt(1), 60, head);
        await using var serving = await ServingSidecar.StartAsync(Settings() with { StateHeads = target.Heads with { Base = head } });
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, text.Tokens[..text.PromptTokens], speculator: "learned"));
        int drafted = 0;
        for (int i = 0; i < text.States.Length; i++)
        {
            var update = Update(text, i, 1);
            if (i % 3 == 1) update.Hidden.Clear();
            if (i % 3 == 2) update.SetHidden([.. text.States[i].Select((value, at) => at == 5 || number == 0f ? number : value)]);
            var draft = await StatedDrafts.DraftAsync(client, update);
            Assert.Equal((DraftStatus.Ok, text.PromptTokens + i + 1L), (draft.Status, draft.Position));
            if (i % 3 == 0) drafted += draft.Tokens.Count;
            else Assert.Equal(0, draft.Tokens.Count);
        }
        Assert.True(drafted > text.States.Length / 6, $"{drafted} drafted");
        Assert.Equal(0, serving.Read("speculator_faults"));
        // A wrong length is a fault of the call, and nothing is committed.
        var wrong = Update(text, 0, 1);
        wrong.Base = text.Tokens.Length;
        wrong.SetHidden(new float[target.Config.HiddenSize - 1]);
        Assert.Equal(RpcErrorCode.InvalidParams, (await Assert.ThrowsAsync<RpcException>(() => StatedDrafts.DraftAsync(client, wrong))).Code);
        wrong.Hidden.Clear();
        Assert.Equal(text.Tokens.Length + 1L, (await StatedDrafts.DraftAsync(client, wrong)).Position);
    }

    [Fact]
    public async Task It_learns_from_what_is_committed_forgets_nothing_over_a_restart_and_all_of_it_when_told()
    {
        using var checkpoints = new Running.Scratch();
        StatedCompletion[] traffic = [.. Enumerable.Range(10, 40).Select(i => target.Complete(target.Prompt(i), 60))];
        StatedCompletion[] unseen = [.. Enumerable.Range(0, 6).Select(i => target.Complete(target.Prompt(i), 60))];
        var settings = Settings(checkpoints.At("kept")) with
        {
            StateTrainer = new OnlineTrainerOptions { TrainingShare = 0.5, IntakeShare = 1, IdleShare = 1, ChannelCapacity = 4096, UpdatesPerCandidate = 16 },
        };
        await using (var serving = await ServingSidecar.StartAsync(settings))
        {
            await using var client = await serving.ConnectAsync();
            // Untrained it has nothing to propose.
            Assert.Equal(0, (await ServeAsync(client, 0, unseen[0], "learned")).Drafted);
            double rate = 0;
            long session = 0;
            await UntilAsync(async () =>
            {
                foreach (var text in traffic) await ServeAsync(client, ++session, text, "none");
                rate = await RateAsync(client, unseen);
                return rate > 0.3;
            }, () => $"acceptance rate {rate}");
            await client.CheckpointAsync();
        }
        await using (var serving = await ServingSidecar.StartAsync(settings))
        {
            await using var client = await serving.ConnectAsync();
            double rate = 0;
            // A namespace is taken up from the disk with its first traffic.
            await UntilAsync(async () => (rate = await RateAsync(client, unseen)) > 0.2, () => $"acceptance rate {rate} after a restart");
            await client.ForgetAsync("");
            Assert.Equal(0, (await ServeAsync(client, 1000, unseen[0], "learned")).Drafted);
        }
        Assert.DoesNotContain(Directory.EnumerateDirectories(checkpoints.At("kept", "states")), directory => Directory.EnumerateFileSystemEntries(directory).Any());
    }

    [Fact]
    public async Task New_weights_of_the_target_leave_versions_and_text_and_what_is_sent_then_is_drafted_from()
    {
        var head = target.RandomHead(target.Complete(target.Prompt(2), 60).Tokens);
        var text = target.Complete(target.Prompt(2), 60, head);
        await using var serving = await ServingSidecar.StartAsync(Settings() with { StateHeads = target.Heads with { Base = head } });
        await using var client = await serving.ConnectAsync();
        Assert.True((await ServeAsync(client, 1, text, "learned")).Drafted > 0);
        Assert.Equal(1, (await client.WeightsUpdatedAsync(new WeightsUpdatedParams { Fingerprint = "next" })).Generation);
        Assert.True((await ServeAsync(client, 2, text, "learned")).Drafted > 0);
    }

    private SidecarSettings Settings(string? checkpoints = null) => new(target.Config.VocabularySize, "small", 16, 4096, 8, 128 << 20, checkpoints)
    {
        HiddenSize = target.Config.HiddenSize,
        StateHeads = target.Heads,
    };

    private static async Task UntilAsync(Func<Task<bool>> holds, Func<string> otherwise)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < deadline, otherwise());
            await Task.Delay(50);
        }
    }

    // Of the drafts of the head alone.
    private static async Task<double> RateAsync(AtlasClient client, StatedCompletion[] texts)
    {
        int drafted = 0, accepted = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            var (some, right) = await ServeAsync(client, 5000 + i, texts[i], "learned");
            (drafted, accepted) = (drafted + some, accepted + right);
        }
        return drafted == 0 ? 0 : accepted / (double)drafted;
    }

    // As a server does that verifies: it takes what is right and one token more.
    private static async Task<(int Drafted, int Accepted)> ServeAsync(AtlasClient client, long session, StatedCompletion text, string speculator)
    {
        await client.OpenAsync(ServingSidecar.Open(session, text.Tokens[..text.PromptTokens], speculator: speculator));
        int drafted = 0, accepted = 0;
        for (int at = 0, count = 1; at < text.States.Length;)
        {
            var update = Update(text, at, count);
            update.Session = session;
            var draft = await StatedDrafts.DraftAsync(client, update);
            at += count;
            var rest = text.Tokens.AsSpan(text.PromptTokens + at);
            int agreed = draft.Tokens.Span.CommonPrefixLength(rest);
            (drafted, accepted) = (drafted + draft.Tokens.Count, accepted + agreed);
            count = Math.Min(agreed + 1, rest.Length);
        }
        await client.CloseAsync(new CloseParams { Session = session });
        return (drafted, accepted);
    }

    private static SequenceUpdate Update(StatedCompletion text, int at, int count, HiddenType type = HiddenType.F32)
    {
        int position = text.PromptTokens + at;
        var update = new SequenceUpdate { Session = 1, Base = position, Budget = SmallTarget.Depth };
        update.Tokens.Set(text.Tokens.AsSpan(position, count));
        update.SetHidden([.. text.States[at..(at + count)].SelectMany(state => state)], type);
        return update;
    }
}
