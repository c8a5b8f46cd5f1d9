using Atlas.Protocol.Messages;

namespace Atlas.Protocol.Rpc;

/// <summary>
/// The error of a response: a map of <c>code</c>, <c>message</c> and, where they apply, <c>parameter</c> and <c>position</c>.
/// </summary>
public sealed class RpcError : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["code"], optional: ["message", "parameter", "position"]);

    /// <summary>One of <see cref="RpcErrorCode"/>.</summary>
    public string Code { get; set; } = RpcErrorCode.Internal;

    /// <summary>One line for people: what, where, what was expected.</summary>
    public string Message { get; set; } = "";

    /// <summary>The parameter at fault, with its path, such as <c>sequences[3].base</c>; empty where none is.</summary>
    public string Parameter { get; set; } = "";

    /// <summary>Tokens that the session holds, for <c>stale_position</c> and <c>position_gap</c>; -1 elsewhere.</summary>
    public long Position { get; set; } = -1;

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Code = RpcErrorCode.Internal;
        Message = Parameter = "";
        Position = -1;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("code"u8, Code);
        map.Field("message"u8, Message);
        map.Field("parameter"u8, Parameter, omit: "");
        map.Field("position"u8, Position, omit: -1);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "code": Code = reader.ReadString()!; break;
            case "message": Message = reader.ReadString()!; break;
            case "parameter": Parameter = reader.ReadString()!; break;
            case "position": Position = reader.ReadInt64(); break;
        }
    }
}
