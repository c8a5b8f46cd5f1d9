namespace Atlas.Protocol.Messages;

/// <summary>
/// Parameters of <c>weights_updated</c>: the target has changed, so hidden states and distributions seen before are stale; tokens are
/// not.
/// </summary>
public sealed class WeightsUpdatedParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: [], optional: ["fingerprint", "path"]);

    /// <summary>What the new weights are called; empty where they have no name.</summary>
    public string Fingerprint { get; set; } = "";

    /// <summary>Checkpoint directory to load the new weights from, where the service runs the target itself; empty for a sidecar.</summary>
    public string Path { get; set; } = "";

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Fingerprint = "";
        Path = "";
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("fingerprint"u8, Fingerprint, omit: "");
        map.Field("path"u8, Path, omit: "");
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "fingerprint": Fingerprint = reader.ReadString()!; break;
            case "path": Path = reader.ReadString()!; break;
        }
    }
}
