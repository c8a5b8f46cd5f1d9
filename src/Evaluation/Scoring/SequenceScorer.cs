using Atlas.Core.Numerics;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Scoring;

/// <summary>
/// Scores the continuation of a prompt under a model as it serves: one forward over both, in chunks, with the engine's weights and cache.
/// Needs one free sequence of the decoder while it runs. Used from the decoder's thread.
/// </summary>
public sealed class SequenceScorer(IDecoder decoder)
{
    private readonly BatchPlan _plan = new();
    private readonly float[] _logits = new float[decoder.Config.VocabularySize];

    /// <summary>Scores every token of <paramref name="continuation"/> given all before it.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="continuation">Tokens behind the prompt; with it no longer than the decoder's context.</param>
    public SequenceScore Score(ReadOnlySpan<int> prompt, ReadOnlySpan<int> continuation)
    {
        if (prompt.IsEmpty) throw new ArgumentException("the prompt is empty; expected at least one token", nameof(prompt));
        int[] tokens = [.. prompt, .. continuation];
        int chunk = Math.Min(decoder.Options.MaxRows, decoder.Options.MaxPending);
        double loss = 0, entropy = 0;
        using var sequence = decoder.OpenSequence();
        // The last token predicts nothing that is scored.
        for (int start = 0; start < tokens.Length - 1; start += chunk)
        {
            int count = Math.Min(chunk, tokens.Length - 1 - start);
            var result = Forward(sequence, tokens.AsSpan(start, count), prompt.Length - 1 - start);
            for (int row = Math.Max(0, prompt.Length - 1 - start); row < count; row++)
            {
                result.ReadLogits(row, _logits);
                var (logNormalizer, h) = Entropy(_logits);
                loss += logNormalizer - _logits[tokens[start + row + 1]];
                entropy += h;
            }
            sequence.CommitChain(count);
        }
        return new SequenceScore(continuation.Length, loss, entropy);
    }

    private IForwardResult Forward(IDecoderSequence sequence, ReadOnlySpan<int> tokens, int firstOutput)
    {
        _plan.Clear();
        _plan.Begin(sequence);
        for (int row = 0; row < tokens.Length; row++) _plan.Add(tokens[row], row == 0 ? BatchPlan.NoParent : row - 1, row >= firstOutput);
        return decoder.Forward(_plan);
    }

    // H = log Z - E[logit], in nats.
    private static (double LogNormalizer, double Entropy) Entropy(ReadOnlySpan<float> logits)
    {
        double max = VectorMath.Max(logits), sum = 0, mean = 0;
        foreach (float logit in logits)
        {
            double weight = Math.Exp(logit - max);
            sum += weight;
            mean += weight * logit;
        }
        double logNormalizer = max + Math.Log(sum);
        return (logNormalizer, logNormalizer - mean / sum);
    }
}
