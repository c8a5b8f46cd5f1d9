namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>weights_updated</c>.</summary>
public sealed class WeightsUpdatedResult : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["generation"], optional: []);

    /// <summary>How often the weights have changed since the service started.</summary>
    public long Generation { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Generation = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("generation"u8, Generation);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "generation": Generation = reader.ReadInt64(); break;
        }
    }
}
