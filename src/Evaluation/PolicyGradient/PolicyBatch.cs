using Atlas.Modeling.Training;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>
/// Samples laid out for one pass of the trainable decoder, with what the loss needs to know of each position. The position that reads a
/// sample's last prompt token predicts its first output token, and so on; all others have no target.
/// </summary>
internal sealed class PolicyBatch
{
    private PolicyBatch(TokenBatch tokens)
    {
        Tokens = tokens;
        Advantages = new float[tokens.Positions];
        Weights = new float[tokens.Positions];
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

    /// <summary>Log-probabilities of the targets under the start policy.</summary>
    public float[] ReferenceLogProbs { get; }

    /// <summary>Cuts the samples of one update into batches of at most so many positions; a longer sample has a batch to itself.</summary>
    public static List<PolicyBatch> Cut(ReadOnlySpan<PolicySample> samples, int mostPositions)
    {
        List<PolicyBatch> batches = [];
        for (int first = 0; first < samples.Length;)
        {
            int end = first, positions = 0;
            while (end < samples.Length && (end == first || positions + Positions(samples[end]) <= mostPositions)) positions += Positions(samples[end++]);
            batches.Add(Of(samples[first..end], positions, samples.Length));
            first = end;
        }
        return batches;
    }

    private static PolicyBatch Of(ReadOnlySpan<PolicySample> samples, int positions, int ofUpdate)
    {
        var (lengths, tokens, targets) = (new int[samples.Length], new int[positions], new int[positions]);
        var batch = new PolicyBatch(new TokenBatch(lengths, tokens, targets));
        Array.Fill(targets, -1);
        int start = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            var (prompt, output) = (samples[i].Prompt, samples[i].Output);
            lengths[i] = Positions(samples[i]);
            prompt.CopyTo(tokens, start);
            output.AsSpan(..^1).CopyTo(tokens.AsSpan(start + prompt.Length));
            int firstTarget = start + prompt.Length - 1;
            output.CopyTo(targets, firstTarget);
            batch.Advantages.AsSpan(firstTarget, output.Length).Fill(samples[i].Advantage);
            batch.Weights.AsSpan(firstTarget, output.Length).Fill(1f / ofUpdate / output.Length);
            start += lengths[i];
        }
        return batch;
    }

    // The last output token is predicted and read by nobody.
    private static int Positions(PolicySample sample) => sample.Prompt.Length + sample.Output.Length - 1;
}
