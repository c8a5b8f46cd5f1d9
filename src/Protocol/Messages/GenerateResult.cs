namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>generate</c>, when all completions have ended.</summary>
public sealed class GenerateResult : MapMessage
{
    private static readonly MessageSchema Keys = new(
        required: ["choices", "prompt_tokens", "completion_tokens"],
        optional:
        [
            "seed", "cached_tokens", "target_forwards", "drafted_tokens", "accepted_tokens",
        ]);

    /// <summary>The completions, by index.</summary>
    public ReusableList<GenerateChoice> Choices { get; } = new(ProtocolLimits.MaxChoices);

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; set; }

    /// <summary>Tokens of all completions.</summary>
    public int CompletionTokens { get; set; }

    /// <summary>Seed that was used; with the same parameters it gives the same tokens.</summary>
    public ulong? Seed { get; set; }

    /// <summary>Of these, tokens that had been computed before for the same namespace.</summary>
    public int CachedTokens { get; set; }

    /// <summary>Forwards of the target that these completions took part in, prompts not counted.</summary>
    public int TargetForwards { get; set; }

    /// <summary>Draft tokens verified.</summary>
    public int DraftedTokens { get; set; }

    /// <summary>Draft tokens accepted.</summary>
    public int AcceptedTokens { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Choices.Clear();
        PromptTokens = 0;
        CompletionTokens = 0;
        Seed = null;
        CachedTokens = 0;
        TargetForwards = 0;
        DraftedTokens = 0;
        AcceptedTokens = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("choices"u8, Choices, always: true);
        map.Field("prompt_tokens"u8, PromptTokens);
        map.Field("completion_tokens"u8, CompletionTokens);
        map.Field("seed"u8, Seed);
        map.Field("cached_tokens"u8, CachedTokens, omit: 0);
        map.Field("target_forwards"u8, TargetForwards, omit: 0);
        map.Field("drafted_tokens"u8, DraftedTokens, omit: 0);
        map.Field("accepted_tokens"u8, AcceptedTokens, omit: 0);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "choices": Choices.Read(ref reader, "choices"); break;
            case "prompt_tokens": PromptTokens = reader.ReadInt32(); break;
            case "completion_tokens": CompletionTokens = reader.ReadInt32(); break;
            case "seed": Seed = reader.ReadUInt64(); break;
            case "cached_tokens": CachedTokens = reader.ReadInt32(); break;
            case "target_forwards": TargetForwards = reader.ReadInt32(); break;
            case "drafted_tokens": DraftedTokens = reader.ReadInt32(); break;
            case "accepted_tokens": AcceptedTokens = reader.ReadInt32(); break;
        }
    }
}
