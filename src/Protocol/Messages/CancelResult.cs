namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>cancel</c>; the generation itself is answered with the error <c>cancelled</c>.</summary>
public sealed class CancelResult : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["cancelled"], optional: []);

    /// <summary>Whether such a generation was running on this connection.</summary>
    public bool Cancelled { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Cancelled = false;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("cancelled"u8, Cancelled);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "cancelled": Cancelled = reader.ReadBoolean(); break;
        }
    }
}
