using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Evaluation.Tests.Comparison;

/// <summary>Drafts chains of the tokens that a function gives for absolute positions.</summary>
internal sealed class ScriptedSpeculator(Func<int, int> tokenAt) : ISpeculator
{
    public string Name => "scripted";

    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
            for (int i = 0; i < sequence.Budget.Depth; i++)
                sequence.Draft.Add(tokenAt(sequence.Length + i), i == 0 ? DraftTree.Root : i - 1, 1f);
    }

    public void Release(DecodeSequence sequence) { }
}
