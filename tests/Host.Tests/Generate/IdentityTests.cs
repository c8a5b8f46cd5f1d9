using Atlas.Host.Tests.Running;
using Atlas.Modeling;

namespace Atlas.Host.Tests.Generate;

/// <summary>Speculation changes not one token: every run is compared with plain decoding, log-probabilities included.</summary>
public sealed class IdentityTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const string Prompt = "Please add 482 and 77.\n>>>\n";

    private static readonly string[][] Speculations =
    [
        ["--speculator", "static", "--lookahead", "5"],
        ["--speculator", "static", "--lookahead", "4", "--branches", "3", "--nodes", "12"],
        ["--speculator", "merged", "--lookahead", "4"],
    ];

    [Theory]
    [InlineData("f32")]
    [InlineData("bf16")]
    [InlineData("int8")]
    public void Greedy_chains_and_trees_emit_the_tokens_of_plain_decoding(string format) => Compare(format);

    [Theory]
    [InlineData("f32")]
    [InlineData("bf16")]
    [InlineData("int8")]
    public void Sampled_chains_and_trees_emit_the_tokens_of_plain_decoding(string format) =>
        Compare(format, "--temperature", "0.6", "--top-k", "60", "--top-p", "0.95", "--min-p", "0.002", "--seed", "11");

    [Theory]
    [InlineData("f32", "0")]
    [InlineData("bf16", "0.7")]
    [InlineData("int8", "0.7")]
    public void Penalties_bias_and_mask_hold_along_drafts_too(string format, string temperature) =>
        Compare(
            format, "--temperature", temperature, "--seed", "5", "--repetition-penalty", "1.3", "--presence-penalty", "0.4",
            "--frequency-penalty", "0.2", "--logit-bias", "70=1.5", "--logit-bias", "71=-2",
            "--allowed-tokens", string.Join(',', Enumerable.Range(40, 200)));

    [Theory]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Every_family_does(string family)
    {
        var config = TinyPair.Shape(family, pair.Tokenizer);
        string target = pair.Write(family, config, type: WeightType.F32), draft = pair.Write(family + "-draft", config, noise: 0.1f);
        Completion Run(params string[] arguments) => new(AtlasProgram.Run(
            ["generate", "--prompt", Prompt, "--target", target, "--draft", draft, "--max-tokens", "40", "--json", .. arguments]).Json);
        var plain = Run("--speculator", "none");
        foreach (string[] speculation in Speculations) Run(speculation).SameAs(plain);
    }

    [Theory]
    [InlineData("--speculator", "auto")]
    [InlineData("--speculator", "auto", "--lookahead", "3", "--nodes", "6", "--branches", "2", "--min-confidence", "0.2")]
    [InlineData("--speculator", "suffix")]
    [InlineData("--speculator", "learned")]
    [InlineData("--draft", "none")]
    public void Under_the_controller_too(params string[] options)
    {
        string[] common = ["--prompt", "one two one two one two one", "--max-tokens", "80", "--ignore-end", "--temperature", "0.5"];
        string[] models = options[0] == "--draft" ? [] : ["--draft", pair.Draft, .. options];
        var run = new Completion(AtlasProgram.Run(["generate", "--target", pair.Target, "--threads", "1", "--json", .. common, .. models]).Json);
        run.SameAs(pair.Generate([.. common, "--speculator", "none"]));
        // Who took part.
        string[] speculators = [.. run.Json.GetProperty("speculators").EnumerateObject().Select(speculator => speculator.Name)];
        string[] expected = options[^1] switch
        {
            "suffix" => ["suffix"],
            "learned" => ["learned", "learned-text"],
            "none" => ["suffix", "recall", "learned"],
            _ => ["static", "suffix", "recall", "learned"],
        };
        Assert.Equal(expected, speculators);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var one = pair.Generate("--prompt", Prompt, "--max-tokens", "40", "--temperature", "0.7", "--seed", "2");
        var three = AtlasProgram.Run(
            "generate", "--target", pair.Target, "--draft", pair.Draft, "--threads", "3", "--json", "--prompt", Prompt, "--max-tokens", "40",
            "--temperature", "0.7", "--seed", "2");
        new Completion(three.Json).SameAs(one);
    }

    [Fact]
    public void Seeds_draw_differently_and_the_same_seed_draws_alike()
    {
        Completion Draw(string seed) => pair.Generate("--prompt", Prompt, "--max-tokens", "30", "--temperature", "1", "--seed", seed);
        var first = Draw("1");
        Draw("1").SameAs(first);
        Assert.NotEqual(first.Tokens, Draw("2").Tokens);
    }

    [Fact]
    public void A_draft_model_with_a_shorter_context_drafts_as_far_as_it_reaches()
    {
        string draft = pair.Write("short-draft", pair.Config with { ContextLength = 32 }, noise: 0.1f);
        string[] common = ["--prompt", Prompt, "--max-tokens", "60", "--temperature", "0.5"];
        var plain = pair.Generate([.. common, "--speculator", "none"]);
        var result = AtlasProgram.Run(["generate", "--target", pair.Target, "--draft", draft, "--threads", "1", "--json", "--speculator", "static", .. common]);
        var speculative = new Completion(result.Json);
        speculative.SameAs(plain);
        Assert.True(speculative.Number("drafted") > 0);
    }

    private void Compare(string format, params string[] sampling)
    {
        string[] common = ["--prompt", Prompt, "--dtype", format, "--max-tokens", "48", "--ignore-end", .. sampling];
        var plain = pair.Generate([.. common, "--speculator", "none"]);
        Assert.Equal(48, plain.Tokens.Length);
        Assert.Equal(0, plain.Number("drafted"));
        double accepted = 0;
        foreach (string[] speculation in Speculations)
        {
            var speculative = pair.Generate([.. common, .. speculation]);
            speculative.SameAs(plain);
            Assert.True(speculative.Number("drafted") > 0);
            accepted += speculative.Number("accepted");
        }
        // A comparison in which nothing was ever accepted would show little.
        Assert.True(accepted > 0);
    }
}
