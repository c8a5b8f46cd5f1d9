using System.Text.Json.Nodes;
using Atlas.Compute.Cpu;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Host.Tests.Running;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Tests.Pretrain;

/// <summary>The head that a recipe trains for its target: the learned speculator begins with it.</summary>
public sealed class HeadTests
{
    private const string Prompt = "Please add 482 and 77.\n>>>\n";

    [Fact]
    public void A_head_is_trained_on_the_targets_completions_and_drafts_from_the_first_request_on()
    {
        using var scratch = new Scratch();
        string target = scratch.At("pair", "target");
        Repository.Copy(Repository.Small("target"), target);
        string[] generate = ["generate", "--target", target, "--json", "--max-tokens", "30", "--threads", "1", "--prompt", Prompt];
        var plain = new Completion(AtlasProgram.Run([.. generate, "--speculator", "none"]).Json);
        string output = Train(scratch, "short-arithmetic", 4000).Done().Output;
        Assert.Matches(@"head: acceptance length 1\.[1-9]\d* on held-out completions", output);
        var learned = new Completion(AtlasProgram.Run([.. generate, "--speculator", "learned"]).Json);
        learned.SameAs(plain);
        Assert.True(DraftedInTheFirstRequest(target) > 0);
        // Another target's head is no help, and whoever copied it there should know.
        File.Copy(Path.Combine(target, "head.safetensors"), scratch.At("head"));
        string other = scratch.At("other");
        Repository.Copy(Repository.Small("draft"), other);
        File.Copy(scratch.At("head"), Path.Combine(other, "head.safetensors"));
        AtlasProgram.Run("generate", "--target", other, "--prompt", Prompt).Refused("head.safetensors", "expected its own");
    }

    [Theory]
    [InlineData("poems", 1000, "head.domains")]
    [InlineData("short-arithmetic", 0, "head.tokens")]
    public void A_wrong_recipe_is_refused(string domain, int tokens, string mention)
    {
        using var scratch = new Scratch();
        Train(scratch, domain, tokens).Refused(mention);
    }

    // With a fixed budget, since whether the controller asks for drafts hangs on what they take.
    private static long DraftedInTheFirstRequest(string target)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var pair = ModelPair.Open(new ModelChoice(target, null, WeightFormat.BF16));
        pair.Load(engine, new DecoderOptions { MaxSequences = 1 }, withDraft: false);
        using var stack = new StackFactory(engine, pair).Create(
            new SpeculationChoice(StrategyNames.Learned, DraftBudget.Chain(4)),
            new StackOptions { FixedBudget = true, Learns = false, Without = [StrategyNames.LearnedText] });
        int[] prompt = pair.RequireTokenizer().Encode(Prompt, addSpecialTokens: false);
        var sequence = new DecodeSequence(1, prompt, SamplingOptions.Greedy, new StopRules(30, []), stack.DraftCapacity);
        long drafted = 0;
        while (sequence.Finish is null)
        {
            stack.Decoder.Step([sequence]);
            drafted += sequence.Draft.Count;
        }
        stack.Decoder.Release(sequence);
        return drafted;
    }

    private static ProgramResult Train(Scratch scratch, string domain, int tokens)
    {
        var recipe = Recipes.Tiny(updates: 1);
        recipe["head"] = new JsonObject { ["domains"] = new JsonArray(domain), ["tokens"] = tokens, ["batch"] = 4, ["max_tokens"] = 48 };
        string path = scratch.Write("recipe.json", recipe.ToJsonString());
        return AtlasProgram.Run("pretrain", "--recipe", path, "--only", "head", "--out", scratch.At("pair"), "--threads", "1");
    }
}
