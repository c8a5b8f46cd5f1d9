using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Generate;

/// <summary>The ways in which a prompt comes in.</summary>
public sealed class PromptTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const string Prompt = "Größe: 3 € – fin 😀\n";

    [Fact]
    public void Argument_option_file_tokens_and_standard_input_say_the_same()
    {
        using var scratch = new Scratch();
        string file = scratch.Write("prompt.txt", Prompt);
        int[] tokens = pair.Tokenizer.Encode(Prompt, addSpecialTokens: true);
        var expected = Run("", "--prompt", Prompt);
        Assert.Equal(tokens, expected.PromptTokens);
        foreach (var run in (Completion[])
            [Run("", Prompt), Run("", "--prompt-file", file), Run("", "--prompt-tokens", string.Join(", ", tokens)), Run(Prompt), Run(Prompt, "-")])
        {
            Assert.Equal(tokens, run.PromptTokens);
            run.SameAs(expected);
        }
    }

    [Theory]
    [InlineData("@home is a prompt")]
    [InlineData("-5 is one too")]
    [InlineData("[suggest]")]
    public void A_prompt_may_begin_with_any_character(string prompt) =>
        Assert.Equal(pair.Tokenizer.Encode(prompt, addSpecialTokens: true), Run("", prompt).PromptTokens);

    [Fact]
    public void Behind_two_dashes_a_prompt_may_look_like_an_option() =>
        Assert.Equal(pair.Tokenizer.Encode("--json", addSpecialTokens: true), Run("", "--", "--json").PromptTokens);

    [Fact]
    public void A_prompt_behind_a_logit_bias_is_still_the_prompt() =>
        Assert.Equal(pair.Tokenizer.Encode("Add 1.", addSpecialTokens: true), Run("", "--logit-bias", "5=-1", "Add 1.").PromptTokens);

    [Fact]
    public void Special_tokens_of_the_text_are_read_as_such() => Assert.Contains(pair.End, Run("", "a<|end|>b").PromptTokens);

    [Fact]
    public void A_prompt_longer_than_one_forward_is_read_in_chunks_to_the_same_tokens()
    {
        string prompt = string.Concat(Enumerable.Range(0, 120).Select(i => $"{i} and "));
        Assert.InRange(pair.Tokenizer.Encode(prompt, addSpecialTokens: true).Length, 300, 1000);
        var plain = pair.Generate("--prompt", prompt, "--max-tokens", "20", "--ignore-end", "--speculator", "none");
        pair.Generate("--prompt", prompt, "--max-tokens", "20", "--ignore-end").SameAs(plain);
    }

    [Fact]
    public void Token_ids_run_without_a_tokenizer()
    {
        string directory = pair.CopyTarget("ids-only");
        File.Delete(Path.Combine(directory, "tokenizer.json"));
        var expected = pair.Generate("--prompt-tokens", "40,41,42", "--max-tokens", "8", "--ignore-end");
        var run = new Completion(AtlasProgram.Run(
            "generate", "--target", directory, "--draft", pair.Draft, "--json", "--prompt-tokens", "40,41,42", "--max-tokens", "8", "--ignore-end").Json);
        Assert.Equal(expected.Tokens, run.Tokens);
        Assert.Equal(expected.LogProbs, run.LogProbs);
    }

    [Fact]
    public void A_banned_token_is_not_emitted()
    {
        var free = Run("", "--prompt", "Add 1.");
        int banned = free.Tokens[0];
        Assert.DoesNotContain(banned, Run("", "--prompt", "Add 1.", "--logit-bias", $"{banned}=-Infinity").Tokens);
    }

    [Fact]
    public void Rejection_sampling_runs_and_repeats_itself_by_its_seed()
    {
        string[] options = ["--prompt", "Add 1.", "--verification", "rejection", "--temperature", "0.8", "--max-tokens", "40", "--ignore-end"];
        var first = pair.Generate([.. options, "--seed", "3"]);
        Assert.Equal(40, first.Tokens.Length);
        Assert.True(first.Number("accepted") > 0);
        pair.Generate([.. options, "--seed", "3"]).SameAs(first);
        Assert.NotEqual(first.Tokens, pair.Generate([.. options, "--seed", "4"]).Tokens);
    }

    [Fact]
    public void Greedy_rejection_sampling_emits_the_greedy_tokens()
    {
        string[] options = ["--prompt", "Add 1.", "--max-tokens", "40", "--ignore-end"];
        var plain = pair.Generate([.. options, "--speculator", "none"]);
        Assert.Equal(plain.Tokens, pair.Generate([.. options, "--verification", "rejection"]).Tokens);
    }

    private Completion Run(string input, params string[] arguments) => new(AtlasProgram.Run(
        ["generate", "--target", pair.Target, "--threads", "1", "--json", "--max-tokens", "8", .. arguments], input).Json);
}
