using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Tests.Comparison;

/// <summary>A target whose token at every absolute position is given by a function.</summary>
internal sealed class ScriptedTarget(Func<int, int> tokenAt, List<string>? log = null, string name = "") : ITarget
{
    public int Open { get; private set; }

    public int MaxDraftNodes => 8;

    public int ContextLength => 1000;

    public bool CanVerify(DecodeSequence sequence) => true;

    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch) => new(batch.Length, batch.Length * MaxDraftNodes, batch.Length * (MaxDraftNodes + 1));

    public void Verify(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
        {
            if (sequence.Output.IsEmpty)
            {
                Open++;
                log?.Add(name);
            }
            sequence.IsVerified = true;
            sequence.Verified[0] = Token(sequence.Length);
            for (int node = 0; node < sequence.Draft.Count; node++)
                sequence.Verified[node + 1] = Token(sequence.Length + sequence.Draft.Depths[node]);
        }
    }

    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path) { }

    public void Release(DecodeSequence sequence) => Open--;

    private SampledToken Token(int position) => new(tokenAt(position), -0.5f, 1f);
}
