using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Drafts what the target will emit, each token with a given probability and otherwise a wrong one; behind a wrong token all is wrong. Its
/// confidence is that probability, so that a controller over it is calibrated from the start. For one request at a time; not thread-safe.
/// </summary>
/// <param name="acceptance">Probability that a token is right, 0 to 1.</param>
/// <param name="vocabularySize">Token ids, at least 2.</param>
public sealed class OracleSpeculator(double acceptance, int vocabularySize) : ISpeculator
{
    private const int Stream = 77;

    /// <inheritdoc/>
    public string Name => "oracle";

    /// <summary>What the request that is being decoded will emit.</summary>
    public IReadOnlyList<int> Truth { get; set; } = [];

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
        {
            int known = sequence.Output.Length, parent = DraftTree.Root;
            int most = Math.Min(Math.Min(sequence.Budget.Depth, sequence.Budget.Nodes), Truth.Count - known);
            double path = 1;
            for (int i = 0; i < most; i++)
            {
                if (sequence.Budget.Gate is { } gate && path < gate.Threshold) break;
                bool right = CounterRandom.Uniform(sequence.Sampling.Options.Seed, known + i, Stream) < acceptance;
                int token = right ? Truth[known + i] : (Truth[known + i] + 1) % vocabularySize;
                parent = sequence.Draft.Add(token, parent, (float)acceptance);
                path *= sequence.Budget.Gate?.Probability((float)acceptance) ?? acceptance;
            }
            sequence.Draft.Speculator = new SpeculatorStamp(Name, 0);
        }
    }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence) { }
}
