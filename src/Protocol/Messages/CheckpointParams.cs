namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>checkpoint</c>, which has none.</summary>
public sealed class CheckpointParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: [], optional: []);

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
    }

    private protected override void WriteFields(ref MapWriter map)
    {
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
    }
}
