namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>stats</c>.</summary>
public sealed class StatsParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: [], optional: ["namespace"]);

    /// <summary>Figures of this namespace alone; empty for the whole service.</summary>
    public string Namespace { get; set; } = "";

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Namespace = "";
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("namespace"u8, Namespace, omit: "");
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "namespace": Namespace = reader.ReadString()!; break;
        }
    }
}
