namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>drain</c>, when nothing runs any more.</summary>
public sealed class DrainResult : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["cancelled"], optional: []);

    /// <summary>Generations that did not end in time.</summary>
    public int Cancelled { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Cancelled = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("cancelled"u8, Cancelled);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "cancelled": Cancelled = reader.ReadInt32(); break;
        }
    }
}
