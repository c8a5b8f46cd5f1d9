using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Engine.Tests.Fakes;

/// <summary>Drafts the same chain for every sequence, as far as the budget goes.</summary>
internal sealed class NamedChain(string name, int[] tokens) : ISpeculator
{
    public string Name => name;

    public float Confidence { get; set; } = 0.5f;

    public int Calls { get; private set; }

    public int Released { get; private set; }

    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        Calls++;
        foreach (var sequence in batch)
        {
            Assert.Equal(0, sequence.Draft.Count);
            for (int i = 0; i < Math.Min(tokens.Length, sequence.Budget.Depth); i++) sequence.Draft.Add(tokens[i], i - 1, Confidence);
            sequence.Draft.Speculator = new SpeculatorStamp(name, 1);
        }
    }

    public void Release(DecodeSequence sequence) => Released++;
}
