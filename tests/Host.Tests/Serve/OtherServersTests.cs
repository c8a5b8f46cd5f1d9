using System.Text.Json;
using Atlas.Compute.Cpu;
using Atlas.Evaluation.Scoring;
using Atlas.Evaluation.Workloads;
using Atlas.Host.Models;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Tests.Running;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;

namespace Atlas.Host.Tests.Serve;

/// <summary>Programs that are not C#: an inference server in Python that leans on the sidecar, and an editor that calls the service.</summary>
public sealed class OtherServersTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [PythonServerFact]
    [Trait("Speed", "slow")]
    public Task A_server_in_python_writes_the_same_tokens_with_and_without_drafts_and_with_fewer_forwards() => ServeAsync(hiddenSize: 0);

    [PythonServerFact]
    [Trait("Speed", "slow")]
    public async Task It_sends_the_states_that_its_tokens_were_drawn_from_where_they_are_wanted()
    {
        var figures = await ServeAsync(hiddenSize: 192);
        Assert.Equal(figures["sidecar_committed_tokens"], figures["sidecar_hidden_states"]);
        Assert.Equal(0, figures["sidecar_hidden_refused"]);
        Assert.Contains("speculator_draft_tokens{speculator=\"recall\"}", figures.Keys);
        Assert.Contains("speculator_draft_tokens{speculator=\"learned-text\"}", figures.Keys);
        Assert.Equal(0, figures["speculator_faults"]);
    }

    private static async Task<Dictionary<string, double>> ServeAsync(int hiddenSize)
    {
        string target = Tool.RepositoryFile("models/small/target"), draft = Tool.RepositoryFile("models/small/draft");
        var tokenizer = Tokenizer.Load(Path.Combine(target, "tokenizer.json"));
        var workload = WorkloadCatalog.Small[0];
        string prompts = JsonSerializer.Serialize(Enumerable.Range(0, 6).Select(i =>
            tokenizer.Encode(workload.Item(Split.Evaluation, HeldOutPrompt.DefaultSeed, i).Prompt, addSpecialTokens: true)));
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var options = new DecoderOptions { Format = WeightFormat.BF16, ContextLength = 512, MaxSequences = 8 };
        using var model = DraftModel.Load(engine, draft, tokenizer.VocabularySize, _ => options);
        using var small = new SmallTarget();
        var settings = new SidecarSettings(tokenizer.VocabularySize, "small", 16, 4096, 8, 64 << 20, null)
        {
            DraftModel = model.Decoder,
            HiddenSize = hiddenSize,
            StateHeads = hiddenSize > 0 ? small.Heads with { Base = small.RandomHead(small.Prompt(0)) } : null,
        };
        await using var serving = await ServingSidecar.StartAsync(settings);
        var plain = Serve(target, prompts);
        var drafted = Serve(target, prompts, "--endpoint", serving.Endpoint.ToString());
        Assert.Equal(6, plain.GetProperty("outputs").GetArrayLength());
        Assert.Equal(plain.GetProperty("outputs").GetRawText(), drafted.GetProperty("outputs").GetRawText());
        int accepted = drafted.GetProperty("accepted").GetInt32();
        Assert.True(accepted > 0);
        Assert.Equal(plain.GetProperty("forwards").GetInt32() - accepted, drafted.GetProperty("forwards").GetInt32());
        // A draft token behind which a request ended was right too, but spared the server no forward.
        Assert.InRange(serving.Read("spec_decode_num_accepted_tokens"), accepted, accepted + 6);
        int written = plain.GetProperty("outputs").EnumerateArray().Sum(output => output.GetArrayLength());
        Assert.Equal(written, serving.Read("sidecar_committed_tokens"));
        return new(serving.Metrics.Read());
    }

    [NeovimFact]
    public async Task Neovim_says_hello_generates_and_reads_the_figures()
    {
        using var scratch = new Scratch();
        await using var serving = await ServingPair.StartAsync(pair);
        string script = scratch.Write("call.vim", $$"""
            try
                let atlas = sockconnect('pipe', '{{serving.Endpoint.Path}}', {'rpc': v:true})
                let hello = rpcrequest(atlas, 'hello', {'client': 'nvim'})
                let answer = rpcrequest(atlas, 'generate', {'prompt': 'one two', 'max_tokens': 12, 'ignore_end': v:true})
                let refused = ''
                try
                    call rpcrequest(atlas, 'generate', {'prompt': 'one two', 'temperature': -1})
                catch
                    let refused = v:exception
                endtry
                let stats = rpcrequest(atlas, 'stats', {})
                call writefile([json_encode([hello, answer, refused, stats])], '{{scratch.At("out.json")}}')
                qall!
            catch
                call writefile([v:exception], '{{scratch.At("error.txt")}}')
                cquit!
            endtry
            """);
        var run = await Task.Run(() => Tool.Run("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-S", script]));
        Assert.True(run.ExitCode == 0, File.Exists(scratch.At("error.txt")) ? File.ReadAllText(scratch.At("error.txt")) : run.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(scratch.At("out.json")));
        var (hello, answer, refused, stats) = (json.RootElement[0], json.RootElement[1], json.RootElement[2], json.RootElement[3]);
        Assert.Equal(1, hello.GetProperty("protocol").GetInt32());
        Assert.Equal(pair.Config.VocabularySize, hello.GetProperty("vocabulary_size").GetInt32());
        var choice = answer.GetProperty("choices")[0];
        Assert.Equal(12, choice.GetProperty("tokens").GetArrayLength());
        Assert.Equal(pair.Generate("--prompt", "one two", "--max-tokens", "12", "--ignore-end", "--speculator", "none").Text, choice.GetProperty("text").GetString());
        // It shows errors that are text or a pair only; ours are maps.
        Assert.NotEqual("", refused.GetString());
        Assert.Equal(12, stats.GetProperty("values").GetProperty("generation_tokens").GetDouble());
    }

    private static JsonElement Serve(string target, string prompts, params string[] more)
    {
        string server = Tool.RepositoryFile("clients/python/examples/torch_server.py");
        var run = Tool.Run(PythonServerFactAttribute.Python, [server, "--target", target, "--max-tokens", "48", .. more], prompts);
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }
}
