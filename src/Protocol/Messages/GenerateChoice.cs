namespace Atlas.Protocol.Messages;

/// <summary>One completion of a <c>generate</c>.</summary>
public sealed class GenerateChoice : MapMessage
{
    private static readonly MessageSchema Keys = new(
        required: ["index", "finish_reason", "token_count"],
        optional:
        [
            "text", "tokens", "logprobs",
        ]);

    /// <summary>Which of the n completions, from 0.</summary>
    public int Index { get; set; }

    /// <summary><c>end_token</c>, <c>stop_string</c> or <c>length</c>.</summary>
    public string FinishReason { get; set; } = "";

    /// <summary>Tokens of the completion.</summary>
    public int TokenCount { get; set; }

    /// <summary>The completion, without its stop string; not there where it was streamed.</summary>
    public string Text { get; set; } = "";

    /// <summary>Its token ids; not there where it was streamed.</summary>
    public TokenBuffer Tokens { get; } = new();

    /// <summary>For each token, where asked for; not there where it was streamed.</summary>
    public ReusableList<TokenLogprob> Logprobs { get; } = new(int.MaxValue);

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Index = 0;
        FinishReason = "";
        TokenCount = 0;
        Text = "";
        Tokens.Clear();
        Logprobs.Clear();
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("index"u8, Index);
        map.Field("finish_reason"u8, FinishReason);
        map.Field("token_count"u8, TokenCount);
        map.Field("text"u8, Text, omit: "");
        map.Field("tokens"u8, Tokens);
        map.Field("logprobs"u8, Logprobs);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "index": Index = reader.ReadInt32(); break;
            case "finish_reason": FinishReason = reader.ReadString()!; break;
            case "token_count": TokenCount = reader.ReadInt32(); break;
            case "text": Text = reader.ReadString()!; break;
            case "tokens": Tokens.Read(ref reader); break;
            case "logprobs": Logprobs.Read(ref reader, "logprobs"); break;
        }
    }
}
