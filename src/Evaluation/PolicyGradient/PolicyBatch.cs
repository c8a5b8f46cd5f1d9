using Atlas.Modeling.Training;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>
/// Samples laid out for one pass of the trainable decoder, with what the loss needs to know of each position. The position that reads a
/// sample's last prompt token predicts its first output token, and so on; all others have no target. What samples of one prompt have in common
/// is laid out once.
/// </summary>
internal sealed class PolicyBatch
{
    private PolicyBatch(TokenBatch tokens, float[] advantages, float[] weights)
    {
        (Tokens, Advantages, Weights) = (tokens, advantages, weights);
        OldLogProbs = new float[tokens.Positions];
        ReferenceLogProbs = new float[tokens.Positions];
    }

    /// <summary>Inputs and targets.</summary>
    public TokenBatch Tokens { get; }

    /// <summary>Advantage of each position's sample.</summary>
    public float[] Advantages { get; }

    /// <summary>Part of each target in the loss: 1 over the samples of the update, and over the sample's length.</summary>
    public float[] Weights { get; }

    /// <summary>Log-probabilities of the targets under the policy that drew them.</summary>
    public float[] OldLogProbs { get; }

    /// <summary>Log-probabilities of the targets under the start policy; the old ones themselves where samples are not held to it.</summary>
    public float[] ReferenceLogProbs { get; private set; }

    /// <summary>Cuts the samples of one update into batches of at most so many positions; a longer sample has a batch to itself.</summary>
    public static List<PolicyBatch> Cut(ReadOnlySpan<PolicySample> samples, int mostPositions)
    {
        List<PolicyBatch> batches = [];
        for (int first = 0; first < samples.Length;)
        {
            int end = first, positions = 0;
            for (; end < samples.Length; end++)
            {
                int more = end > first && SharesPrompt(samples, end) ? samples[end].Output.Length : Positions(samples[end]);
                if (end > first && positions + more > mostPositions) break;
                positions += more;
            }
            batches.Add(Of(samples[first..end], positions, samples.Length));
            first = end;
        }
        return batches;
    }

    /// <summary>Nothing holds the samples to the start policy, so its log-probabilities are not asked for.</summary>
    public void HoldToNothing() => ReferenceLogProbs = OldLogProbs;

    // Samples of one prompt continue all of it but its last token, which has a target of its own in each of them.
    private static PolicyBatch Of(ReadOnlySpan<PolicySample> samples, int positions, int ofUpdate)
    {
        var (lengths, continues) = (new List<int>(), new List<bool>());
        var (tokens, targets) = (new int[positions], new int[positions]);
        Array.Fill(targets, -1);
        var (advantages, weights) = (new float[positions], new float[positions]);
        int start = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            var (prompt, output) = (samples[i].Prompt, samples[i].Output);
            bool continued = i > 0 && SharesPrompt(samples, i), branches = continued || (i + 1 < samples.Length && SharesPrompt(samples, i + 1));
            int read = continued ? prompt.Length - 1 : 0;
            prompt.AsSpan(read).CopyTo(tokens.AsSpan(start));
            int firstTarget = start + prompt.Length - 1 - read;
            if (branches && !continued) Add(prompt.Length - 1, false);
            Add(branches ? output.Length : prompt.Length + output.Length - 1, branches);
            output.AsSpan(..^1).CopyTo(tokens.AsSpan(firstTarget + 1));
            output.CopyTo(targets, firstTarget);
            advantages.AsSpan(firstTarget, output.Length).Fill(samples[i].Advantage);
            weights.AsSpan(firstTarget, output.Length).Fill(1f / ofUpdate / output.Length);
            start = firstTarget + output.Length;
        }
        return new PolicyBatch(new TokenBatch([.. lengths], tokens, targets) { Continues = [.. continues] }, advantages, weights);

        void Add(int length, bool continuation)
        {
            lengths.Add(length);
            continues.Add(continuation);
        }
    }

    // A prompt of one token leaves nothing to share.
    private static bool SharesPrompt(ReadOnlySpan<PolicySample> samples, int second) =>
        samples[second].Prompt.Length > 1 && samples[second].Prompt.AsSpan().SequenceEqual(samples[second - 1].Prompt);

    // The last output token is predicted and read by nobody.
    private static int Positions(PolicySample sample) => sample.Prompt.Length + sample.Output.Length - 1;
}
