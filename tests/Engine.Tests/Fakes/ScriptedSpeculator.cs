using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Engine.Tests.Fakes;

/// <summary>Drafts what a function says, and remembers the budgets it was given.</summary>
internal sealed class ScriptedSpeculator(Action<DecodeSequence> draft) : ISpeculator
{
    public List<DraftBudget> Budgets { get; } = [];

    public List<long> Released { get; } = [];

    public string Name => "scripted";

    /// <summary>A chain of the given tokens, whatever the budget.</summary>
    public static ScriptedSpeculator Chain(params int[] tokens) => new(sequence =>
    {
        for (int i = 0; i < tokens.Length; i++) sequence.Draft.Add(tokens[i], i - 1, 1f);
    });

    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
        {
            Assert.Equal(0, sequence.Draft.Count);
            Budgets.Add(sequence.Budget);
            draft(sequence);
        }
    }

    public void Release(DecodeSequence sequence) => Released.Add(sequence.Id);
}
