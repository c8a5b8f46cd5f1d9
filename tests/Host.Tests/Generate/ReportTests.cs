using System.Text.Json;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Generate;

/// <summary>What <c>atlas generate</c> says at its end, and that its figures fit each other.</summary>
public sealed class ReportTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public void The_object_has_the_documented_keys_and_its_figures_add_up()
    {
        var run = pair.Generate("--prompt", "Add 12 and 30.", "--max-tokens", "50", "--ignore-end", "--speculator", "static", "--lookahead", "4");
        Assert.Equal(pair.Tokenizer.Encode("Add 12 and 30.", addSpecialTokens: true), run.PromptTokens);
        Assert.Equal(50, run.Tokens.Length);
        Assert.Equal(pair.Tokenizer.Decode(run.Tokens, skipSpecialTokens: true), run.Text);
        Assert.Equal(50, run.LogProbs.Length);
        Assert.All(run.LogProbs, logProb => Assert.InRange(logProb, -30f, 0f));
        Assert.True(run.Number("tokens_per_s") > 0);
        Assert.True(run.Number("first_token_s") > 0);
        double forwards = run.Number("forwards"), drafted = run.Number("drafted"), accepted = run.Number("accepted");
        Assert.InRange(forwards, 50.0 / 5, 50);
        Assert.Equal(50 - forwards, run.Number("forwards_saved"));
        // Every forward emits one token of the target's own beside what it accepts.
        Assert.Equal(50, forwards + accepted);
        Assert.Equal(50 / forwards, run.Number("acceptance_length"), 4);
        Assert.Equal(accepted / drafted, run.Number("acceptance_rate"), 4);
        var rates = run.Json.GetProperty("acceptance_rate_by_position").EnumerateArray().Select(rate => rate.GetDouble()).ToList();
        Assert.Equal(4, rates.Count);
        Assert.All(rates, rate => Assert.InRange(rate, 0, 1));
    }

    [Fact]
    public void Plain_decoding_emits_one_token_a_forward()
    {
        var run = pair.Generate("--prompt", "Add 12 and 30.", "--max-tokens", "20", "--ignore-end", "--speculator", "none");
        Assert.Equal((20, 1, 0, 0), (run.Number("forwards"), run.Number("acceptance_length"), run.Number("drafted"), run.Number("acceptance_rate")));
        Assert.Equal(0, run.Json.GetProperty("acceptance_rate_by_position").GetArrayLength());
    }

    [Theory]
    [InlineData("0", "coupled")]
    [InlineData("0.8", "coupled")]
    [InlineData("0.8", "rejection")]
    public void A_draft_model_that_is_the_target_is_always_right(string temperature, string verification)
    {
        // Lookahead 4, 50 tokens: 10 forwards of 5 tokens each.
        var run = pair.Generate(
            "--draft", pair.Target, "--prompt", "Add 12 and 30.", "--max-tokens", "50", "--ignore-end", "--speculator", "static", "--lookahead", "4",
            "--temperature", temperature, "--verification", verification);
        Assert.Equal((10, 5, 1), (run.Number("forwards"), run.Number("acceptance_length"), run.Number("acceptance_rate")));
        Assert.Equal(50, run.Tokens.Length);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("static")]
    public void What_is_streamed_is_the_text_of_the_object(string speculator)
    {
        string[] options = ["--prompt", "Add 12 and 30.", "--max-tokens", "120", "--temperature", "1", "--speculator", speculator];
        string text = pair.Generate(options).Text;
        var streamed = AtlasProgram.Run(["generate", "--target", pair.Target, "--draft", pair.Draft, .. options]).Done();
        Assert.StartsWith(text + "\n[", streamed.Output, StringComparison.Ordinal);
        string figures = streamed.Output[(text.Length + 1)..];
        Assert.Matches(@"^\[\d+ tokens, (length|end_token); \d+\.\d tokens/s; first token after \d+ ms\]\n", figures);
        Assert.Equal(speculator == "static", figures.Contains("acceptance length", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_are_written_and_read_alike_in_every_locale()
    {
        string[] arguments =
            ["generate", "--target", pair.Target, "--threads", "1", "--prompt", "Add 1.", "--max-tokens", "5", "--temperature", "0.5", "--json"];
        var german = new Completion(AtlasProgram.Run(arguments, "", ("LC_ALL", "de_DE.UTF-8"), ("LANG", "de_DE.UTF-8")).Json);
        german.SameAs(new Completion(AtlasProgram.Run(arguments).Json));
    }

    [Fact]
    public void The_object_is_all_that_is_written()
    {
        var result = AtlasProgram.Run("generate", "--target", pair.Target, "--prompt", "Add 1.", "--max-tokens", "5", "--json").Done();
        Assert.Single(result.Output.TrimEnd('\n').Split('\n'));
        Assert.Equal(JsonValueKind.Object, result.Json.ValueKind);
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_model_whatever_the_sampling()
    {
        int[] tokens = pair.Generate("--prompt", "Add 1.", "--max-tokens", "8", "--ignore-end").Tokens;
        var greedy = pair.Generate("--prompt", "Add 1.", "--max-tokens", "1", "--ignore-end");
        var forced = pair.Generate("--prompt", "Add 1.", "--max-tokens", "1", "--ignore-end", "--temperature", "2", "--allowed-tokens", $"{tokens[0]}");
        Assert.Equal(greedy.LogProbs, forced.LogProbs);
    }
}
