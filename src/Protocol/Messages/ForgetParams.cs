namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>forget</c>: deletes a namespace in memory and on disk.</summary>
public sealed class ForgetParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["namespace"], optional: []);

    /// <summary>The namespace; the empty one is the default namespace.</summary>
    public string Namespace { get; set; } = "";

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Namespace = "";
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("namespace"u8, Namespace);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "namespace": Namespace = reader.ReadString()!; break;
        }
    }
}
