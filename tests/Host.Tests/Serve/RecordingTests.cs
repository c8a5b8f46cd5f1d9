using Atlas.Core.Decoding;
using Atlas.Evaluation.Traces;
using Atlas.Host.Service.Recording;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Tests.Serve;

/// <summary><c>--record</c>: what was served becomes a trace that <c>replay</c> reads.</summary>
public sealed class RecordingTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public async Task Generations_are_written_as_they_were_served()
    {
        using var scratch = new Scratch();
        string path = scratch.At("trace.jsonl");
        int[] tokens;
        using (var recorder = new TrafficRecorder(path))
        {
            await using var serving = await ServingPair.StartAsync(pair, recorder: recorder);
            await using var client = await serving.ConnectAsync();
            var result = await client.GenerateAsync(
                new GenerateParams { Prompt = "one two", MaxTokens = 9, N = 2, Temperature = 0.7f, Seed = 3, Namespace = "mine", Class = "latency" });
            await client.GenerateAsync(new GenerateParams { Prompt = "three", MaxTokens = 4 });
            tokens = result.Choices[1].Tokens.Span.ToArray();
        }
        var requests = TraceReader.Read(path).ToArray();
        Assert.Equal(3, requests.Length);
        var second = requests.Single(request => request.Namespace == "mine" && request.Sampling!.Options.Seed == 4);
        Assert.Equal(tokens, second.Completion!.Tokens);
        Assert.Equal(pair.Tokenizer.Encode("one two", addSpecialTokens: true), second.Prompt.Tokens);
        Assert.Equal((RequestClass.Latency, 0.7f, 9), (second.Class, second.Sampling!.Options.Temperature, second.Sampling.MaxTokens));
        Assert.Equal("default", requests.Single(request => request.Namespace != "mine").Namespace);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var replayed = AtlasProgram.Run("replay", "--recorded", path, "--strategies", "suffix", "--json").Json;
        Assert.Equal(requests.Sum(request => request.Completion!.Tokens!.Count), replayed.GetProperty("strategies")[0].GetProperty("tokens").GetInt32());
    }

    [Fact]
    public async Task Sessions_of_a_sidecar_are_written_when_they_end_unless_they_are_not_to_be_learned_from()
    {
        using var scratch = new Scratch();
        string path = scratch.At("trace.jsonl");
        using (var recorder = new TrafficRecorder(path))
        {
            await using var serving = await ServingSidecar.StartAsync(ServingSidecar.Settings() with { Recorder = recorder });
            await using var client = await serving.ConnectAsync();
            for (int session = 1; session <= 3; session++)
            {
                await client.OpenAsync(ServingSidecar.Open(session, [1, 2, 3], session == 3 ? "gone" : "kept"));
                await ServingSidecar.DraftAsync(client, session, 3, [4, 5]);
            }
            await client.CloseAsync(new CloseParams { Session = 2, Learn = false });
            await client.CloseAsync(new CloseParams { Session = 3 });
            await client.ForgetAsync("gone");
            await client.OpenAsync(ServingSidecar.Open(4, [7, 7], "gone"));
            await ServingSidecar.DraftAsync(client, 4, 2, [8]);
            await client.CloseAsync(new CloseParams { Session = 4 });
            await client.CloseAsync(new CloseParams { Session = 1 });
        }
        var requests = TraceReader.Read(path).ToArray();
        Assert.Equal(["gone", "kept"], requests.Select(request => request.Namespace));
        Assert.Equal([7, 7], requests[0].Prompt.Tokens);
        Assert.Equal([1, 2, 3], requests[1].Prompt.Tokens);
        Assert.Equal([4, 5], requests[1].Completion!.Tokens);
    }

    [Fact]
    public void A_file_that_is_there_is_not_overwritten()
    {
        using var scratch = new Scratch();
        string path = scratch.Write("trace.jsonl", "mine");
        AtlasProgram.Run("serve", "--sidecar", "--vocabulary", "50", "--listen", scratch.At("a.sock"), "--record", path).Refused("--record", path);
        Assert.Equal("mine", File.ReadAllText(path));
    }
}
