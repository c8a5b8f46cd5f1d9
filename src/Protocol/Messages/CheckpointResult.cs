namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>checkpoint</c>, when it is on disk.</summary>
public sealed class CheckpointResult : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["path", "version"], optional: []);

    /// <summary>Directory that was written.</summary>
    public string Path { get; set; } = "";

    /// <summary>Number of the checkpoint; rises.</summary>
    public long Version { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Path = "";
        Version = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("path"u8, Path);
        map.Field("version"u8, Version);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "path": Path = reader.ReadString()!; break;
            case "version": Version = reader.ReadInt64(); break;
        }
    }
}
