namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>cancel</c>.</summary>
public sealed class CancelParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["request"], optional: []);

    /// <summary>The <c>request</c> number of the generation.</summary>
    public long Request { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Request = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("request"u8, Request);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "request": Request = reader.ReadInt64(); break;
        }
    }
}
