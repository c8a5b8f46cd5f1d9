using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>
/// What a server has committed to one sequence since the last call: an element of <c>draft</c>, and the parameters of <c>commit</c>.
/// Feedback from the target is optional; the more of it comes, the faster the learned speculator learns.
/// </summary>
public sealed class SequenceUpdate : MapMessage
{
    private static readonly MessageSchema Keys = new(
        required: ["session", "base"],
        optional:
        [
            "tokens", "budget", "top_k", "top_tokens", "top_logprobs", "hidden", "hidden_type",
        ]);

    /// <summary>The session.</summary>
    public long Session { get; set; }

    /// <summary>
    /// Tokens that the session holds before these; the session refuses any other number, so a repeated call does no harm.
    /// </summary>
    public long Base { get; set; }

    /// <summary>Tokens committed since, in order; may be empty.</summary>
    public TokenBuffer Tokens { get; } = new();

    /// <summary>Most draft tokens wanted, 0 to 1024; 0 commits only. <c>commit</c> ignores it.</summary>
    public int Budget { get; set; }

    /// <summary>Alternatives per token in <see cref="TopTokens"/>; 0 for none.</summary>
    public int TopK { get; set; }

    /// <summary>The target's <see cref="TopK"/> most probable tokens at each committed token's position, row after row, falling.</summary>
    public TokenBuffer TopTokens { get; } = new();

    /// <summary>Their log-probabilities, in the same places.</summary>
    public FloatBuffer TopLogprobs { get; } = new();

    /// <summary>The target's last hidden state from which each committed token was drawn, row after row.</summary>
    public ByteBuffer Hidden { get; } = new();

    /// <summary>How numbers in <see cref="Hidden"/> are laid out.</summary>
    public HiddenType HiddenType { get; set; }

    /// <summary>Replaces <see cref="Hidden"/> by states in a layout.</summary>
    /// <param name="states">Those of all tokens, row after row.</param>
    /// <param name="type">The layout; numbers beyond its range become infinite.</param>
    public void SetHidden(ReadOnlySpan<float> states, HiddenType type = HiddenType.F32)
    {
        HiddenType = type;
        PackedStates.Write(type, states, Hidden.Replace(checked(states.Length * HiddenNumberBytes)));
    }

    /// <summary>Reads the state that one of the tokens was drawn from.</summary>
    /// <param name="row">Which of the tokens.</param>
    /// <param name="state">As long as a state is.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row of that length.</exception>
    public void ReadHidden(int row, Span<float> state)
    {
        int bytes = checked(state.Length * HiddenNumberBytes);
        PackedStates.Read(HiddenType, Hidden.Span.Slice(checked(row * bytes), bytes), state);
    }

    /// <summary>Whether <see cref="MapMessage.Write"/> packs tokens and log-probabilities as <c>bin</c>; reading takes both.</summary>
    public bool Packed { get; set; }

    /// <summary>Bytes of one number in <see cref="Hidden"/>.</summary>
    public int HiddenNumberBytes => HiddenType == HiddenType.F32 ? 4 : 2;

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Session = 0;
        Packed = false;
        Base = 0;
        Tokens.Clear();
        Budget = 0;
        TopK = 0;
        TopTokens.Clear();
        TopLogprobs.Clear();
        Hidden.Clear();
        HiddenType = HiddenType.F32;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("session"u8, Session);
        map.Field("base"u8, Base);
        map.Field("tokens"u8, Tokens, packed: Packed);
        map.Field("budget"u8, Budget, omit: 0);
        map.Field("top_k"u8, TopK, omit: 0);
        map.Field("top_tokens"u8, TopTokens, packed: Packed);
        map.Field("top_logprobs"u8, TopLogprobs, packed: Packed);
        map.Field("hidden"u8, Hidden);
        map.Field("hidden_type"u8, WireNames.Of(HiddenType), omit: "f32");
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "session": Session = reader.ReadInt64(); break;
            case "base": Base = reader.ReadInt64(); break;
            case "tokens": Tokens.Read(ref reader); break;
            case "budget": Budget = reader.ReadInt32(); break;
            case "top_k": TopK = reader.ReadInt32(); break;
            case "top_tokens": TopTokens.Read(ref reader); break;
            case "top_logprobs": TopLogprobs.Read(ref reader); break;
            case "hidden": Hidden.Read(ref reader); break;
            case "hidden_type": HiddenType = WireNames.ReadHiddenType(ref reader); break;
        }
    }

    private protected override void Check()
    {
        if (Base < 0) throw RpcException.Invalid("base", $"is {Base}; expected 0 or more");
        if (Budget is < 0 or > ProtocolLimits.MaxBudget)
            throw RpcException.Invalid("budget", $"is {Budget}; expected 0 to {ProtocolLimits.MaxBudget}");
        if (TopK < 0) throw RpcException.Invalid("top_k", $"is {TopK}; expected 0 or more");
        long ranked = (long)TopK * Tokens.Count;
        if (TopTokens.Count != ranked)
            throw RpcException.Invalid("top_tokens", $"holds {TopTokens.Count}; expected top_k ({TopK}) for each of {Tokens.Count} tokens");
        if (TopLogprobs.Count != ranked)
            throw RpcException.Invalid("top_logprobs", $"holds {TopLogprobs.Count}; expected top_k ({TopK}) for each of {Tokens.Count} tokens");
        if (Hidden.Count > 0 && (Tokens.Count == 0 || Hidden.Count % (Tokens.Count * HiddenNumberBytes) != 0))
            throw RpcException.Invalid("hidden", $"holds {Hidden.Count} bytes; expected whole rows for {Tokens.Count} tokens");
    }
}
