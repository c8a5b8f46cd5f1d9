using System.Text.Json.Nodes;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Generate;

/// <summary>Where a completion ends, inside accepted paths too.</summary>
public sealed class StopTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private static readonly string[] Common = ["--prompt", "Extract the name.", "--temperature", "0.9", "--seed", "4", "--max-tokens", "60", "--ignore-end"];

    [Theory]
    [InlineData("none")]
    [InlineData("static")]
    public void A_stop_string_cuts_the_text_before_it(string speculator)
    {
        var whole = pair.Generate([.. Common, "--speculator", "none"]);
        string stop = FindStop(whole, 1);
        var stopped = pair.Generate([.. Common, "--speculator", speculator, "--stop", stop]);
        Assert.Equal(whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)], stopped.Text);
        Assert.Equal("stop_string", stopped.FinishReason);
        Assert.Equal(whole.Tokens[..stopped.Tokens.Length], stopped.Tokens);
        // The last token completed the stop string; without it the string is not there.
        Assert.Contains(stop, pair.Tokenizer.Decode(stopped.Tokens, skipSpecialTokens: true), StringComparison.Ordinal);
        Assert.DoesNotContain(stop, pair.Tokenizer.Decode(stopped.Tokens.AsSpan(..^1), skipSpecialTokens: true), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_string_inside_an_accepted_path_leaves_nothing_behind_it()
    {
        // The draft model is the target: paths of nine tokens are accepted whole, and the stop string lies within one.
        var whole = pair.Generate([.. Common, "--speculator", "none"]);
        string stop = FindStop(whole, 9);
        var plain = pair.Generate([.. Common, "--speculator", "none", "--stop", stop]);
        Assert.NotEqual(0, plain.Tokens.Length % 9);
        var stopped = pair.Generate([.. Common, "--draft", pair.Target, "--speculator", "static", "--lookahead", "8", "--stop", stop]);
        stopped.SameAs(plain);
        Assert.Equal(Math.Ceiling(plain.Tokens.Length / 9.0), stopped.Number("forwards"));
        Assert.Equal(1, stopped.Number("acceptance_rate"));
    }

    [Fact]
    public void The_streamed_text_ends_before_the_stop_string_too()
    {
        var whole = pair.Generate([.. Common, "--speculator", "none"]);
        string stop = FindStop(whole, 1);
        string[] arguments = ["generate", "--target", pair.Target, "--draft", pair.Draft, .. Common, "--stop", "no such text", "--stop", stop];
        string expected = whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)];
        Assert.StartsWith(expected + "\n[", AtlasProgram.Run(arguments).Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    public void No_more_than_the_most_tokens_are_emitted(int most)
    {
        var run = pair.Generate("--prompt", "Add 1.", "--ignore-end", "--max-tokens", $"{most}", "--speculator", "static", "--lookahead", "6", "--draft", pair.Target);
        Assert.Equal(most, run.Tokens.Length);
        Assert.Equal("length", run.FinishReason);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("static")]
    public void An_end_token_ends_and_is_emitted_but_leaves_no_text(string speculator)
    {
        var whole = pair.Generate([.. Common, "--speculator", "none"]);
        int at = Enumerable.Range(5, 40).First(i => Array.IndexOf(whole.Tokens, whole.Tokens[i]) == i);
        string target = pair.CopyTarget($"ends-{speculator}", config => config["eos_token_id"] = JsonValue.Create(whole.Tokens[at]));
        string[] arguments =
            ["generate", "--target", target, "--draft", pair.Target, "--threads", "1", "--json", "--speculator", speculator, "--lookahead", "7"];
        var ended = new Completion(AtlasProgram.Run([.. arguments, .. Common[..^1]]).Json);
        Assert.Equal(whole.Tokens[..(at + 1)], ended.Tokens);
        Assert.Equal("end_token", ended.FinishReason);
        Assert.Equal(pair.Tokenizer.Decode(whole.Tokens.AsSpan(0, at), skipSpecialTokens: true), ended.Text);
        var ignored = new Completion(AtlasProgram.Run([.. arguments, .. Common]).Json);
        ignored.SameAs(whole);
    }

    [Fact]
    public void The_context_ends_a_completion_that_the_limit_does_not()
    {
        string small = pair.CopyTarget("small-context", config => config["max_position_embeddings"] = 24);
        var run = new Completion(AtlasProgram.Run(
            "generate", "--target", small, "--json", "--ignore-end", "--prompt-tokens", "40,41,42,43").Json);
        Assert.Equal(20, run.Tokens.Length);
        Assert.Equal("length", run.FinishReason);
    }

    // A printable text that first occurs behind some tokens, and is not complete where a whole path of the given length ends.
    private string FindStop(Completion whole, int path)
    {
        for (int at = 3; at + 2 < whole.Text.Length; at++)
        {
            string stop = whole.Text.Substring(at, 2);
            if (!stop.All(c => c is > ' ' and < '\x7f' and not '-' and not '@') || whole.Text.IndexOf(stop, StringComparison.Ordinal) != at) continue;
            int tokens = Enumerable.Range(1, whole.Tokens.Length).First(n =>
                pair.Tokenizer.Decode(whole.Tokens.AsSpan(0, n), skipSpecialTokens: true).Contains(stop, StringComparison.Ordinal));
            if (tokens > 10 && (path == 1 || tokens % path != 0)) return stop;
        }
        throw new InvalidOperationException("the sampled text has no such stop string");
    }
}
