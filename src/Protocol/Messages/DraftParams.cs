using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>Parameters of <c>draft</c>: one call per engine step for the whole batch. Kept and reused on both ends.</summary>
public sealed class DraftParams : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["sequences"], optional: ["deadline_us", "verify_us"]);

    /// <summary>The sequences of the batch, each session at most once.</summary>
    public ReusableList<SequenceUpdate> Sequences { get; } = new(ProtocolLimits.MaxBatch);

    /// <summary>
    /// Microseconds after its arrival by which the answer is wanted; 0 for no deadline. What is not ready by then comes empty.
    /// </summary>
    public long DeadlineUs { get; set; }

    /// <summary>
    /// Microseconds that the server's last verification took; 0 where it does not say, and gaps between calls stand in for it.
    /// </summary>
    public long VerifyUs { get; set; }

    /// <summary><see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> of when the call arrived; does not travel.</summary>
    public long ReceivedAt { get; set; }

    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        Sequences.Clear();
        DeadlineUs = 0;
        VerifyUs = 0;
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("sequences"u8, Sequences, always: true);
        map.Field("deadline_us"u8, DeadlineUs, omit: 0);
        map.Field("verify_us"u8, VerifyUs, omit: 0);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "sequences": Sequences.Read(ref reader, "sequences"); break;
            case "deadline_us": DeadlineUs = reader.ReadInt64(); break;
            case "verify_us": VerifyUs = reader.ReadInt64(); break;
        }
    }

    private protected override void Check()
    {
        if (DeadlineUs < 0) throw RpcException.Invalid("deadline_us", $"is {DeadlineUs}; expected 0 or more");
        if (VerifyUs < 0) throw RpcException.Invalid("verify_us", $"is {VerifyUs}; expected 0 or more");
    }
}
