namespace Atlas.Protocol.Messages;

/// <summary>Parameters of the notification <c>tokens</c>: the next piece of a completion that streams.</summary>
public sealed class TokensParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["request", "index", "offset"], optional: ["tokens", "text", "logprobs"]);

    /// <summary>The <c>request</c> number of the generation.</summary>
    public long Request { get; set; }

    /// <summary>Which of the n completions, from 0.</summary>
    public int Index { get; set; }

    /// <summary>Tokens of the completion before this piece: pieces that follow one another without a gap are all there.</summary>
    public int Offset { get; set; }

    /// <summary>Token ids.</summary>
    public TokenBuffer Tokens { get; } = new();

    /// <summary>Their text; characters whose bytes are not all there yet come with a later piece.</summary>
    public string Text { get; set; } = "";

    /// <summary>For each token, where asked for.</summary>
    public ReusableList<TokenLogprob> Logprobs { get; } = new(int.MaxValue);

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Request = 0;
        Index = 0;
        Offset = 0;
        Tokens.Clear();
        Text = "";
        Logprobs.Clear();
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("request"u8, Request);
        map.Field("index"u8, Index);
        map.Field("offset"u8, Offset);
        map.Field("tokens"u8, Tokens, always: true);
        map.Field("text"u8, Text, omit: "");
        map.Field("logprobs"u8, Logprobs);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "request": Request = reader.ReadInt64(); break;
            case "index": Index = reader.ReadInt32(); break;
            case "offset": Offset = reader.ReadInt32(); break;
            case "tokens": Tokens.Read(ref reader); break;
            case "text": Text = reader.ReadString()!; break;
            case "logprobs": Logprobs.Read(ref reader, "logprobs"); break;
        }
    }
}
