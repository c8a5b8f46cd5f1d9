using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Engine.Tests.Fakes;

/// <summary>Drafts what was written before at the same place of the same request, or garbage, as a seeded generator says, with any confidence.</summary>
/// <param name="truth">The output of each request, by id.</param>
/// <param name="vocabulary">Tokens that there are.</param>
internal sealed class OracleSpeculator(IReadOnlyDictionary<long, int[]> truth, int vocabulary) : ISpeculator
{
    private readonly Random _random = new(31);

    public string Name => "oracle";

    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
        {
            var text = truth[sequence.Id];
            int at = sequence.Output.Length, parent = DraftTree.Root;
            for (int d = 0; d < sequence.Budget.Depth && _random.Next(8) > 0; d++)
            {
                int token = at + d < text.Length && _random.Next(4) > 0 ? text[at + d] : _random.Next(vocabulary);
                float confidence = _random.Next(20) == 0 ? float.NaN : _random.NextSingle();
                parent = sequence.Draft.Add(token, parent, confidence);
            }
            sequence.Draft.Speculator = new SpeculatorStamp(Name, 1);
        }
    }

    public void Release(DecodeSequence sequence) { }
}
