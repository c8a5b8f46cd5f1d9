using System.Text.Json;

namespace Atlas.Host.Tests.Running;

/// <summary>The JSON object of <c>atlas generate</c>.</summary>
internal sealed record Completion(JsonElement Json)
{
    public int[] PromptTokens => Integers("prompt_tokens");

    public int[] Tokens => Integers("tokens");

    public string Text => Json.GetProperty("text").GetString()!;

    public float[] LogProbs => [.. Json.GetProperty("logprobs").EnumerateArray().Select(value => value.GetSingle())];

    public string FinishReason => Json.GetProperty("finish_reason").GetString()!;

    public double Number(string name) => Json.GetProperty(name).GetDouble();

    /// <summary>Asserts that another run emitted the very same tokens, text and log-probabilities.</summary>
    public void SameAs(Completion other)
    {
        Assert.Equal(other.Tokens, Tokens);
        Assert.Equal(other.Text, Text);
        Assert.Equal(other.LogProbs, LogProbs);
        Assert.Equal(other.FinishReason, FinishReason);
    }

    private int[] Integers(string name) => [.. Json.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
