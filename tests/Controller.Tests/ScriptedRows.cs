using Atlas.Core.Decoding;

namespace Atlas.Controller.Tests;

/// <summary>A target that is only asked for its rows.</summary>
internal sealed class ScriptedRows : ITarget
{
    /// <summary>Sequences whose prompts are still being read.</summary>
    public HashSet<long> Reading { get; } = [];

    public int MaxDraftNodes => 16;

    public int ContextLength => 1_000_000;

    public bool CanVerify(DecodeSequence sequence) => !Reading.Contains(sequence.Id);

    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch) => new(batch.Length, 64, 128);

    public void Verify(ReadOnlySpan<DecodeSequence> batch) => throw new NotSupportedException("nothing is verified here");

    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path) { }

    public void Release(DecodeSequence sequence) { }
}
