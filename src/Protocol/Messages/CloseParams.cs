namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>close</c>.</summary>
public sealed class CloseParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["session"], optional: ["learn"]);

    /// <summary>The session.</summary>
    public long Session { get; set; }

    /// <summary>Whether its tokens may be learned from; false drops what was kept of them.</summary>
    public bool Learn { get; set; } = true;

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Session = 0;
        Learn = true;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("session"u8, Session);
        map.Field("learn"u8, Learn, omit: true);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "session": Session = reader.ReadInt64(); break;
            case "learn": Learn = reader.ReadBoolean(); break;
        }
    }
}
