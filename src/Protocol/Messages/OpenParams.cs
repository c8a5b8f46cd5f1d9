using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>open</c>: a sidecar session is one sequence of the client's, and belongs to its connection.</summary>
public sealed class OpenParams : MapMessage
{
    private static readonly MessageSchema Keys = new(
        required: ["session"],
        optional:
        [
            "tokens", "namespace", "class", "speculator", "packed",
        ]);

    /// <summary>The client's number for it, 0 or more, free on this connection.</summary>
    public long Session { get; set; }

    /// <summary>Tokens that the sequence holds already, its prompt usually.</summary>
    public TokenBuffer Tokens { get; } = new();

    /// <summary>Whose traffic it is: learns from and drafts with that namespace's own stores and weights.</summary>
    public string Namespace { get; set; } = "";

    /// <summary><c>interactive</c>, <c>latency</c> or <c>throughput</c>.</summary>
    public string Class { get; set; } = "interactive";

    /// <summary>
    /// <c>auto</c> leaves the choice to the controller; <c>none</c>, <c>static</c>, <c>suffix</c>, <c>learned</c> or <c>merged</c> makes
    /// it.
    /// </summary>
    public string Speculator { get; set; } = "auto";

    /// <summary>Whether drafts of this session come packed: tokens, parents and confidence as <c>bin</c>.</summary>
    public bool Packed { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Session = 0;
        Tokens.Clear();
        Namespace = "";
        Class = "interactive";
        Speculator = "auto";
        Packed = false;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("session"u8, Session);
        map.Field("tokens"u8, Tokens);
        map.Field("namespace"u8, Namespace, omit: "");
        map.Field("class"u8, Class, omit: "interactive");
        map.Field("speculator"u8, Speculator, omit: "auto");
        map.Field("packed"u8, Packed, omit: false);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "session": Session = reader.ReadInt64(); break;
            case "tokens": Tokens.Read(ref reader); break;
            case "namespace": Namespace = reader.ReadString()!; break;
            case "class": Class = reader.ReadString()!; break;
            case "speculator": Speculator = reader.ReadString()!; break;
            case "packed": Packed = reader.ReadBoolean(); break;
        }
    }

    private protected override void Check()
    {
        if (Session < 0) throw RpcException.Invalid("session", $"is {Session}; expected 0 or more");
        WireNames.CheckClass(Class);
        WireNames.CheckSpeculator(Speculator);
    }
}
