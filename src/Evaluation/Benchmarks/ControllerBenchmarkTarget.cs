using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>A target that only has rows: the controller is timed without a model.</summary>
internal sealed class ControllerBenchmarkTarget : ITarget
{
    public int MaxDraftNodes => 16;

    public int ContextLength => int.MaxValue;

    public bool CanVerify(DecodeSequence sequence) => true;

    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch) => new(batch.Length, 256 - batch.Length, 256);

    public void Verify(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch) sequence.IsVerified = true;
    }

    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path) { }

    public void Release(DecodeSequence sequence) { }
}
