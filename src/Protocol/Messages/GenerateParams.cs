using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>generate</c>. Either <see cref="Prompt"/> or <see cref="Tokens"/> is given.</summary>
public sealed class GenerateParams : MapMessage
{
    private static readonly MessageSchema Keys = new(
        required: [],
        optional:
        [
            "prompt", "tokens", "request", "stream", "n", "max_tokens", "stop", "stop_tokens", "ignore_end", "logprobs", "seed",
            "temperature", "top_k", "top_p", "min_p", "repetition_penalty", "presence_penalty", "frequency_penalty", "logit_bias",
            "class", "namespace", "speculator",
        ]);

    /// <summary>Text to continue; the service encodes it.</summary>
    public string Prompt { get; set; } = "";

    /// <summary>Token ids to continue.</summary>
    public TokenBuffer Tokens { get; } = new();

    /// <summary>
    /// The client's number for this generation, which <c>tokens</c> and <c>cancel</c> name; unique among those that run on the
    /// connection. 0 for none.
    /// </summary>
    public long Request { get; set; }

    /// <summary>
    /// Whether completions come piece by piece, in <c>tokens</c> notifications before the answer; needs <see cref="Request"/>.
    /// </summary>
    public bool Stream { get; set; }

    /// <summary>Completions wanted, 1 to 1024; each has its own seed.</summary>
    public int N { get; set; } = 1;

    /// <summary>Most tokens of a completion.</summary>
    public int MaxTokens { get; set; } = 256;

    /// <summary>Texts that end a completion; they are not part of it.</summary>
    public List<string> Stop { get; } = [];

    /// <summary>Tokens that end a completion, beside the model's own.</summary>
    public TokenBuffer StopTokens { get; } = new();

    /// <summary>Whether the model's own end tokens do not end a completion.</summary>
    public bool IgnoreEnd { get; set; }

    /// <summary>Alternatives wanted per token; 0 for the token's own log-probability only, -1 for none.</summary>
    public int Logprobs { get; set; } = -1;

    /// <summary>Keys the noise; not there, the service chooses one and tells it.</summary>
    public ulong? Seed { get; set; }

    /// <summary>0 for the most probable token, otherwise logits are divided by it.</summary>
    public float Temperature { get; set; }

    /// <summary>Keep the k most probable tokens; 0 keeps all.</summary>
    public int TopK { get; set; }

    /// <summary>Keep the fewest tokens whose probability reaches this, above 0 to 1.</summary>
    public float TopP { get; set; } = 1f;

    /// <summary>Keep tokens at least this fraction as probable as the most probable one, 0 to 1.</summary>
    public float MinP { get; set; }

    /// <summary>Divides positive and multiplies negative logits of tokens in prompt or output; 1 does nothing.</summary>
    public float RepetitionPenalty { get; set; } = 1f;

    /// <summary>Subtracted from logits of tokens in the output.</summary>
    public float PresencePenalty { get; set; }

    /// <summary>Subtracted from a token's logit once per occurrence in the output.</summary>
    public float FrequencyPenalty { get; set; }

    /// <summary>Added to the logits of single tokens: a map of token id to number.</summary>
    public Dictionary<int, float> LogitBias { get; } = [];


    /// <summary><c>interactive</c>, <c>latency</c> or <c>throughput</c>.</summary>
    public string Class { get; set; } = "interactive";

    /// <summary>Whose traffic it is.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>
    /// <c>auto</c> leaves the choice to the controller; <c>none</c>, <c>static</c>, <c>suffix</c>, <c>learned</c> or <c>merged</c> makes
    /// it. Speculation changes no token.
    /// </summary>
    public string Speculator { get; set; } = "auto";

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Prompt = "";
        Tokens.Clear();
        Request = 0;
        Stream = false;
        N = 1;
        MaxTokens = 256;
        Stop.Clear();
        StopTokens.Clear();
        IgnoreEnd = false;
        Logprobs = -1;
        Seed = null;
        Temperature = 0;
        TopK = 0;
        TopP = 1f;
        MinP = 0;
        RepetitionPenalty = 1f;
        PresencePenalty = 0;
        FrequencyPenalty = 0;
        LogitBias.Clear();
        Class = "interactive";
        Namespace = "";
        Speculator = "auto";
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("prompt"u8, Prompt, omit: "");
        map.Field("tokens"u8, Tokens);
        map.Field("request"u8, Request, omit: 0);
        map.Field("stream"u8, Stream, omit: false);
        map.Field("n"u8, N, omit: 1);
        map.Field("max_tokens"u8, MaxTokens, omit: 256);
        map.Field("stop"u8, Stop);
        map.Field("stop_tokens"u8, StopTokens);
        map.Field("ignore_end"u8, IgnoreEnd, omit: false);
        map.Field("logprobs"u8, Logprobs, omit: -1);
        map.Field("seed"u8, Seed);
        map.Field("temperature"u8, Temperature, omit: 0);
        map.Field("top_k"u8, TopK, omit: 0);
        map.Field("top_p"u8, TopP, omit: 1f);
        map.Field("min_p"u8, MinP, omit: 0);
        map.Field("repetition_penalty"u8, RepetitionPenalty, omit: 1f);
        map.Field("presence_penalty"u8, PresencePenalty, omit: 0);
        map.Field("frequency_penalty"u8, FrequencyPenalty, omit: 0);
        map.Field("logit_bias"u8, LogitBias);
        map.Field("class"u8, Class, omit: "interactive");
        map.Field("namespace"u8, Namespace, omit: "");
        map.Field("speculator"u8, Speculator, omit: "auto");
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "prompt": Prompt = reader.ReadString()!; break;
            case "tokens": Tokens.Read(ref reader); break;
            case "request": Request = reader.ReadInt64(); break;
            case "stream": Stream = reader.ReadBoolean(); break;
            case "n": N = reader.ReadInt32(); break;
            case "max_tokens": MaxTokens = reader.ReadInt32(); break;
            case "stop": TextList.Read(ref reader, Stop); break;
            case "stop_tokens": StopTokens.Read(ref reader); break;
            case "ignore_end": IgnoreEnd = reader.ReadBoolean(); break;
            case "logprobs": Logprobs = reader.ReadInt32(); break;
            case "seed": Seed = reader.ReadUInt64(); break;
            case "temperature": Temperature = reader.ReadSingle(); break;
            case "top_k": TopK = reader.ReadInt32(); break;
            case "top_p": TopP = reader.ReadSingle(); break;
            case "min_p": MinP = reader.ReadSingle(); break;
            case "repetition_penalty": RepetitionPenalty = reader.ReadSingle(); break;
            case "presence_penalty": PresencePenalty = reader.ReadSingle(); break;
            case "frequency_penalty": FrequencyPenalty = reader.ReadSingle(); break;
            case "logit_bias": ReadBias(ref reader); break;
            case "class": Class = reader.ReadString()!; break;
            case "namespace": Namespace = reader.ReadString()!; break;
            case "speculator": Speculator = reader.ReadString()!; break;
        }
    }

    private protected override void Check()
    {
        if (Prompt.Length > 0 && Tokens.Count > 0) throw RpcException.Invalid("tokens", "given beside prompt; expected one of them");
        if (Prompt.Length == 0 && Tokens.Count == 0) throw RpcException.Missing("prompt");
        if (Request < 0) throw RpcException.Invalid("request", $"is {Request}; expected 0 or more");
        if (Stream && Request == 0) throw RpcException.Invalid("request", "is 0; expected a number to name the stream by");
        if (N is < 1 or > ProtocolLimits.MaxChoices) throw RpcException.Invalid("n", $"is {N}; expected 1 to {ProtocolLimits.MaxChoices}");
        if (MaxTokens < 1) throw RpcException.Invalid("max_tokens", $"is {MaxTokens}; expected 1 or more");
        if (Logprobs is < -1 or > 100) throw RpcException.Invalid("logprobs", $"is {Logprobs}; expected -1 to 100");
        WireNames.CheckClass(Class);
        WireNames.CheckSpeculator(Speculator);
    }

    private void ReadBias(ref MessagePackReader reader)
    {
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            // Languages whose maps have string keys only send numbers as text.
            int token = reader.NextMessagePackType == MessagePackType.String ? WireNames.ReadNumber(ref reader) : reader.ReadInt32();
            LogitBias[token] = reader.ReadSingle();
        }
    }
}
