using System.Collections.Concurrent;
using System.Threading.Channels;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Trainer.Online;

/// <summary>
/// The way from the decode path to the trainer: copies what a step verified into a reused record and puts it into a bounded channel. Where the
/// trainer does not keep up, the oldest records are dropped and counted; decoding never waits. Allocates nothing in steady state.
/// </summary>
internal sealed class VerificationIntake : IVerificationObserver
{
    private readonly IVerificationSource _source;
    private readonly string _speculator;
    private readonly int _maxRows;
    private readonly ConcurrentQueue<VerificationRecord> _free = new();
    private readonly Channel<VerificationRecord> _channel;
    private long _dropped;
    private long _targetEpoch;

    /// <summary>An intake with all its records.</summary>
    /// <param name="target">Where states and probabilities are, and how many tokens a step emits at most.</param>
    /// <param name="options">Capacity and top k.</param>
    public VerificationIntake(TrainedTarget target, OnlineTrainerOptions options)
    {
        _source = target.Source;
        _speculator = target.SpeculatorName;
        _maxRows = target.MaxDraftNodes + 1;
        // One more is being filled, one being read.
        for (int i = 0; i < options.ChannelCapacity + 2; i++) _free.Enqueue(new VerificationRecord(_maxRows, target.Heads.StateWidth, options.TopK));
        var bounded = new BoundedChannelOptions(options.ChannelCapacity) { FullMode = BoundedChannelFullMode.DropOldest };
        _channel = Channel.CreateBounded<VerificationRecord>(bounded, Drop);
    }

    /// <summary>Records dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Which of the target's weights are in use: rises when they are replaced.</summary>
    public long TargetEpoch => Interlocked.Read(ref _targetEpoch);

    /// <summary>Records that wait.</summary>
    public int Waiting => _channel.Reader.Count;

    /// <summary>The target's weights have been replaced.</summary>
    public void BeginTargetEpoch() => Interlocked.Increment(ref _targetEpoch);

    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        if (emitted > _maxRows || !_source.Knows(sequence)) return;
        if (!_free.TryDequeue(out var record))
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        record.Take(sequence, emitted);
        record.TargetEpoch = TargetEpoch;
        NoteDraft(record, sequence.Draft, accepted);
        _source.Fill(sequence, accepted, record);
        if (!_channel.Writer.TryWrite(record)) Drop(record);
    }

    /// <summary>Takes the oldest record; it must come back by <see cref="Return"/>.</summary>
    public bool TryTake(out VerificationRecord? record) => _channel.Reader.TryRead(out record);

    /// <summary>Gives a record back to be used anew.</summary>
    public void Return(VerificationRecord record) => _free.Enqueue(record);

    // Of a merged draft, what the learned speculator proposed itself.
    private void NoteDraft(VerificationRecord record, DraftTree draft, ReadOnlySpan<int> accepted)
    {
        record.DraftVersion = -1;
        for (int i = 0; i < draft.Speculators.Length; i++)
        {
            var speculator = draft.Speculators[i];
            if (speculator.Name != _speculator || !HasNodeOf(draft, i)) continue;
            record.DraftVersion = speculator.Version;
            record.DraftAccepted = !accepted.IsEmpty && (draft.Proposers[accepted[0]] >> i & 1) != 0;
        }
    }

    private static bool HasNodeOf(DraftTree draft, int speculator)
    {
        foreach (byte proposers in draft.Proposers)
            if ((proposers >> speculator & 1) != 0)
                return true;
        return false;
    }

    private void Drop(VerificationRecord record)
    {
        Interlocked.Increment(ref _dropped);
        _free.Enqueue(record);
    }
}
