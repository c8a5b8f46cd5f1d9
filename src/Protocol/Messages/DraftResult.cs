namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>draft</c>, one element per sequence in the order asked. Kept and reused on both ends.</summary>
public sealed class DraftResult : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["sequences"], optional: []);

    /// <summary>The drafts.</summary>
    public ReusableList<SequenceDraft> Sequences { get; } = new(ProtocolLimits.MaxBatch);

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Sequences.Clear();
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("sequences"u8, Sequences, always: true);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "sequences": Sequences.Read(ref reader, "sequences"); break;
        }
    }
}
