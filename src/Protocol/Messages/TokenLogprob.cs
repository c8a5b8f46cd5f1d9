namespace Atlas.Protocol.Messages;

/// <summary>Log-probability of an emitted token under the target, and its best alternatives.</summary>
public sealed class TokenLogprob : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["token", "logprob"], optional: ["top_tokens", "top_logprobs"]);

    /// <summary>The token.</summary>
    public int Token { get; set; }

    /// <summary>Natural logarithm of its probability, before temperature and filters.</summary>
    public float Logprob { get; set; }

    /// <summary>The most probable tokens there, falling; as many as were asked for.</summary>
    public TokenBuffer TopTokens { get; } = new();

    /// <summary>Their log-probabilities.</summary>
    public FloatBuffer TopLogprobs { get; } = new();

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Token = 0;
        Logprob = 0;
        TopTokens.Clear();
        TopLogprobs.Clear();
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("token"u8, Token);
        map.Field("logprob"u8, Logprob);
        map.Field("top_tokens"u8, TopTokens);
        map.Field("top_logprobs"u8, TopLogprobs);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "token": Token = reader.ReadInt32(); break;
            case "logprob": Logprob = reader.ReadSingle(); break;
            case "top_tokens": TopTokens.Read(ref reader); break;
            case "top_logprobs": TopLogprobs.Read(ref reader); break;
        }
    }
}
