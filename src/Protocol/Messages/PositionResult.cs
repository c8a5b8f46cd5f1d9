namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>open</c>, <c>commit</c> and <c>close</c>: where the session stands.</summary>
public sealed class PositionResult : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["session", "position"], optional: []);

    /// <summary>The session.</summary>
    public long Session { get; set; }

    /// <summary>Tokens that the session holds; the next base position.</summary>
    public long Position { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Session = 0;
        Position = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("session"u8, Session);
        map.Field("position"u8, Position);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "session": Session = reader.ReadInt64(); break;
            case "position": Position = reader.ReadInt64(); break;
        }
    }
}
