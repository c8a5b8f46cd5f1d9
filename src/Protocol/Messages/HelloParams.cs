namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>hello</c>.</summary>
public sealed class HelloParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: [], optional: ["client", "protocol", "token"]);

    /// <summary>Name and version of the client, for logs.</summary>
    public string Client { get; set; } = "";

    /// <summary>Version of the protocol that the client speaks; a service that does not answers <c>not_supported</c>.</summary>
    public int Protocol { get; set; } = ProtocolLimits.Version;

    /// <summary>Bearer token, where the service demands one.</summary>
    public string Token { get; set; } = "";

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Client = "";
        Protocol = ProtocolLimits.Version;
        Token = "";
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("client"u8, Client, omit: "");
        map.Field("protocol"u8, Protocol);
        map.Field("token"u8, Token, omit: "");
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "client": Client = reader.ReadString()!; break;
            case "protocol": Protocol = reader.ReadInt32(); break;
            case "token": Token = reader.ReadString()!; break;
        }
    }
}
