using Atlas.Compute.Cpu;
using Atlas.Evaluation.Replay;
using Atlas.Host.Models;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Tests.Running;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>The controller in the sidecar, and a draft model among its speculators.</summary>
public sealed class SidecarChoiceTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const string Prompt = "Please add 482 and 77.\n>>>\n";

    [Theory]
    [InlineData("static")]
    [InlineData("auto")]
    public async Task A_draft_model_that_is_the_target_is_always_right(string speculator)
    {
        int[] text = Text();
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var options = new DecoderOptions { Format = WeightFormat.BF16, ContextLength = 512, MaxSequences = 2 };
        using var model = DraftModel.Load(engine, pair.Target, pair.Config.VocabularySize, _ => options);
        await using var serving = await ServingSidecar.StartAsync(Settings() with { DraftModel = model.Decoder });
        await using var client = await serving.ConnectAsync();
        Assert.Equal(["suffix", "learned", "static"], client.Service.Speculators);
        int prompt = pair.Tokenizer.Encode(Prompt, addSpecialTokens: true).Length;
        // More sessions than the draft model has caches for, one after the other.
        for (int session = 0; session < 4; session++)
        {
            await client.OpenAsync(ServingSidecar.Open(session, text[..prompt], $"of {session}", speculator));
            var (accepted, calls) = await GreedyServer.ServeAsync(client, session, text, prompt);
            // Under the controller it is only asked where the choice falls on it.
            Assert.True(speculator == "auto" || accepted >= 3 * calls, $"{accepted} accepted in {calls} calls");
        }
        Assert.Equal(0, serving.Read("speculator_faults"));
        Assert.True(serving.Read("speculator_accepted_tokens{speculator=\"static\"}") > 0);
    }

    [Fact]
    public void A_draft_model_of_another_vocabulary_is_refused_in_one_line() => AtlasProgram.Run(
        "serve", "--sidecar", "--vocabulary", "50", "--listen", "/tmp/atlas-never.sock", "--draft", pair.Draft).Refused("vocab_size", "expected 50");

    [Fact]
    public async Task Nothing_is_drafted_where_a_row_costs_more_than_a_token()
    {
        int[] text = Repeating(400);
        await using var serving = await ServingSidecar.StartAsync(ServingSidecar.Settings() with { Latency = LatencyTable.Parse("1:1,2:60,64:4000") });
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, text[..80]));
        Assert.Equal(0, (await GreedyServer.ServeAsync(client, 1, text, 80)).Accepted);
    }

    [Fact]
    public async Task A_speculator_that_is_not_here_is_refused()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.OpenAsync(ServingSidecar.Open(1, [1, 2], speculator: "static")));
        Assert.Equal(RpcErrorCode.NotSupported, refused.Code);
    }

    [Fact]
    public async Task A_text_outgrows_its_room_and_is_drafted_on()
    {
        int[] text = Repeating(1500);
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, text[..60], speculator: "suffix"));
        var (accepted, calls) = await GreedyServer.ServeAsync(client, 1, text, 60);
        Assert.True(accepted > 2 * calls, $"{accepted} accepted in {calls} calls");
    }

    private static int[] Repeating(int length) => [.. Enumerable.Range(0, length).Select(position => 10 + (position * 7 % 20))];

    private SidecarSettings Settings() => new(pair.Config.VocabularySize, "test", 16, 4096, 8, 64 << 20, null);

    // What the target writes behind the prompt, with the prompt.
    private int[] Text()
    {
        var completion = pair.Generate("--prompt", Prompt, "--max-tokens", "60", "--speculator", "none");
        return [.. pair.Tokenizer.Encode(Prompt, addSpecialTokens: true), .. completion.Tokens];
    }
}
