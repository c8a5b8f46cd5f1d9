namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>forget</c>, when everything is gone.</summary>
public sealed class ForgetResult : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["sessions", "bytes"], optional: []);

    /// <summary>Sessions and generations of the namespace that were ended.</summary>
    public int Sessions { get; set; }

    /// <summary>Bytes that were freed, in memory and on disk.</summary>
    public long Bytes { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Sessions = 0;
        Bytes = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("sessions"u8, Sessions);
        map.Field("bytes"u8, Bytes);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "sessions": Sessions = reader.ReadInt32(); break;
            case "bytes": Bytes = reader.ReadInt64(); break;
        }
    }
}
