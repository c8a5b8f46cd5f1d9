using System.Threading.Channels;

namespace Atlas.Trainer.Online;

/// <summary>
/// One namespace's part of the way to the trainer: a bounded channel from which the oldest are dropped, and what it has dropped. One thread
/// writes; any may read.
/// </summary>
internal sealed class IntakeLane
{
    private readonly Channel<VerificationRecord> _channel;
    private readonly Action<VerificationRecord> _recycle;
    private long _dropped;
    private int _waiting;

    /// <summary>An empty lane.</summary>
    /// <param name="name">Its namespace.</param>
    /// <param name="capacity">Most records that wait in it.</param>
    /// <param name="recycle">Takes what is dropped.</param>
    public IntakeLane(string name, int capacity, Action<VerificationRecord> recycle)
    {
        Name = name;
        _recycle = recycle;
        var bounded = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true };
        _channel = Channel.CreateBounded<VerificationRecord>(bounded, Drop);
    }

    /// <summary>Its namespace.</summary>
    public string Name { get; }

    /// <summary>Records that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Records dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds the newest record; where the lane is full, its oldest is dropped.</summary>
    public void Write(VerificationRecord record)
    {
        Interlocked.Increment(ref _waiting);
        if (!_channel.Writer.TryWrite(record)) Drop(record);
    }

    /// <summary>Takes the oldest record.</summary>
    public bool TryTake(out VerificationRecord? record)
    {
        if (!_channel.Reader.TryRead(out record)) return false;
        Interlocked.Decrement(ref _waiting);
        return true;
    }

    /// <summary>Drops the oldest record; false where the reader has been faster and none is left.</summary>
    public bool DropOldest()
    {
        if (!_channel.Reader.TryRead(out var record)) return false;
        Drop(record);
        return true;
    }

    /// <summary>A record that was taken from it has been dropped all the same.</summary>
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    private void Drop(VerificationRecord record)
    {
        Interlocked.Decrement(ref _waiting);
        CountDropped();
        _recycle(record);
    }
}
