using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Engine;

/// <summary>
/// Classical verification (Leviathan et al., arXiv 2211.17192, algorithm 1) of chain drafts: keeps the target's distribution with the highest
/// acceptance a single draft allows, but not the tokens plain decoding would draw. The sequence must keep distributions
/// (<see cref="DecodeSequence.KeepDistributions"/>). Stateless.
/// </summary>
public sealed class RejectionVerifier : IVerifier
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The draft branches, or the sequence keeps no distributions.</exception>
    public int Verify(DecodeSequence sequence, Span<int> path, Span<SampledToken> emitted)
    {
        if (sequence.DraftProbabilities is not { } drafts || sequence.TargetProbabilities is not { } targets)
            throw new InvalidOperationException("rejection sampling needs a sequence that keeps distributions");
        if (!sequence.Draft.IsChain) throw new InvalidOperationException("rejection sampling verifies chains; this draft branches");
        ulong seed = sequence.Sampling.Options.Seed;
        for (int i = 0; i < sequence.Draft.Count; i++)
        {
            var p = targets.Row(i);
            var q = drafts.Row(i);
            int token = sequence.Draft.Tokens[i];
            long position = sequence.Length + i;
            if (!RejectionSampler.Accept(p, q, token, CounterRandom.Uniform(seed, position, CounterRandom.AcceptStream)))
            {
                emitted[i] = Token(p, RejectionSampler.Recover(p, q, CounterRandom.Uniform(seed, position, CounterRandom.RecoverStream)));
                return i;
            }
            emitted[i] = Token(p, token);
            // A node behind which nothing can be drawn is a dead end: its token is emitted, and the next step says so.
            if (sequence.Verified[i + 1].Token < 0) return i;
            path[i] = i;
        }
        int accepted = sequence.Draft.Count;
        var bonus = targets.Row(accepted);
        double uniform = CounterRandom.Uniform(seed, sequence.Length + accepted, CounterRandom.RecoverStream);
        emitted[accepted] = Token(bonus, RejectionSampler.Draw(bonus, uniform));
        return accepted;
    }

    // The log-probability is that of the warped distribution: the one tokens are drawn from here.
    private static SampledToken Token(ReadOnlySpan<float> p, int token) => new(token, MathF.Log(p[token]), MathF.Log(p[token]));
}
