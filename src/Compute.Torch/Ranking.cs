using Atlas.Core.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Chooses the best tokens of rows on the device; only they cross to the host.</summary>
internal static class Ranking
{
    /// <summary>
    /// Writes, per row, the k tokens of the highest scores, best first, ties to the lowest id; token -1 where fewer than k are above negative
    /// infinity.
    /// </summary>
    /// <param name="logits">The model's own, f32 [rows, vocabulary]: log-probabilities come from these.</param>
    /// <param name="scores">What is ranked, f32 [rows, vocabulary].</param>
    /// <param name="k">Tokens per row.</param>
    /// <param name="results">Room for rows x k.</param>
    public static void Best(Tensor logits, Tensor scores, int k, Span<SampledToken> results)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = k == 1 ? scores.argmax(1, keepdim: true) : scores.sort(1, descending: true, stable: true).Indices.narrow(1, 0, k);
        var logProbs = logits.gather(1, tokens).sub(logits.logsumexp(1, keepdim: true));
        // One transfer: ids below 2^53 and f32 values are exact in f64.
        var f64 = torch.ScalarType.Float64;
        var best = torch.stack([tokens.to(f64), logProbs.to(f64), scores.gather(1, tokens).to(f64)], -1).cpu().data<double>().ToArray();
        for (int i = 0; i < best.Length / 3; i++)
        {
            float score = (float)best[3 * i + 2];
            results[i] = score > float.NegativeInfinity
                ? new SampledToken((int)best[3 * i], (float)best[3 * i + 1], score)
                : new SampledToken(-1, float.NegativeInfinity, float.NegativeInfinity);
        }
    }
}
