namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>hello</c>: who serves, what it can do, and its limits.</summary>
public sealed class HelloResult : MapMessage
{
    private static readonly MessageSchema Keys = new(
        required: ["server", "version", "protocol"],
        optional:
        [
            "methods", "speculators", "target", "fingerprint", "vocabulary_size", "hidden_size", "max_message_bytes", "max_batch",
            "max_sessions", "max_tokens",
        ]);

    /// <summary>Always <c>atlas</c>.</summary>
    public string Server { get; set; } = "atlas";

    /// <summary>Version of the service.</summary>
    public string Version { get; set; } = "";

    /// <summary>Version of the protocol that the service speaks.</summary>
    public int Protocol { get; set; } = ProtocolLimits.Version;

    /// <summary>Methods that this service answers.</summary>
    public List<string> Methods { get; } = [];

    /// <summary>Speculators that it has: <c>static</c>, <c>suffix</c>, <c>learned</c>.</summary>
    public List<string> Speculators { get; } = [];

    /// <summary>Name of the target; empty for a sidecar that knows none.</summary>
    public string Target { get; set; } = "";

    /// <summary>Fingerprint of the target; empty where there is none.</summary>
    public string Fingerprint { get; set; } = "";

    /// <summary>Tokens of the vocabulary; 0 where it is not known. Ids are below it.</summary>
    public int VocabularySize { get; set; }

    /// <summary>Numbers in a hidden state that <c>draft</c> and <c>commit</c> take; 0 where they take none.</summary>
    public int HiddenSize { get; set; }

    /// <summary>Longest message that the service takes.</summary>
    public long MaxMessageBytes { get; set; }

    /// <summary>Most sequences in one <c>draft</c>; 0 for no limit below the protocol's.</summary>
    public int MaxBatch { get; set; }

    /// <summary>Most sessions of the whole service; 0 for no limit.</summary>
    public int MaxSessions { get; set; }

    /// <summary>Most tokens in one sequence, prompt included; 0 for no limit.</summary>
    public int MaxTokens { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Server = "atlas";
        Version = "";
        Protocol = ProtocolLimits.Version;
        Methods.Clear();
        Speculators.Clear();
        Target = "";
        Fingerprint = "";
        VocabularySize = 0;
        HiddenSize = 0;
        MaxMessageBytes = 0;
        MaxBatch = 0;
        MaxSessions = 0;
        MaxTokens = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("server"u8, Server);
        map.Field("version"u8, Version);
        map.Field("protocol"u8, Protocol);
        map.Field("methods"u8, Methods);
        map.Field("speculators"u8, Speculators);
        map.Field("target"u8, Target, omit: "");
        map.Field("fingerprint"u8, Fingerprint, omit: "");
        map.Field("vocabulary_size"u8, VocabularySize, omit: 0);
        map.Field("hidden_size"u8, HiddenSize, omit: 0);
        map.Field("max_message_bytes"u8, MaxMessageBytes, omit: 0);
        map.Field("max_batch"u8, MaxBatch, omit: 0);
        map.Field("max_sessions"u8, MaxSessions, omit: 0);
        map.Field("max_tokens"u8, MaxTokens, omit: 0);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "server": Server = reader.ReadString()!; break;
            case "version": Version = reader.ReadString()!; break;
            case "protocol": Protocol = reader.ReadInt32(); break;
            case "methods": TextList.Read(ref reader, Methods); break;
            case "speculators": TextList.Read(ref reader, Speculators); break;
            case "target": Target = reader.ReadString()!; break;
            case "fingerprint": Fingerprint = reader.ReadString()!; break;
            case "vocabulary_size": VocabularySize = reader.ReadInt32(); break;
            case "hidden_size": HiddenSize = reader.ReadInt32(); break;
            case "max_message_bytes": MaxMessageBytes = reader.ReadInt64(); break;
            case "max_batch": MaxBatch = reader.ReadInt32(); break;
            case "max_sessions": MaxSessions = reader.ReadInt32(); break;
            case "max_tokens": MaxTokens = reader.ReadInt32(); break;
        }
    }
}
