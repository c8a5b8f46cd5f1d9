namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>drain</c>.</summary>
public sealed class DrainParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: [], optional: ["deadline_ms"]);

    /// <summary>Milliseconds after which what still runs is cancelled.</summary>
    public long DeadlineMs { get; set; } = 30000;

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        DeadlineMs = 30000;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("deadline_ms"u8, DeadlineMs, omit: 30000);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "deadline_ms": DeadlineMs = reader.ReadInt64(); break;
        }
    }
}
