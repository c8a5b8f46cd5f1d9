using Atlas.Core.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Chooses the best tokens of rows on the device; only they cross to the host.</summary>
internal static class Ranking
{
    /// <summary>
    /// Writes, per row, the k tokens of the highest scores, best first, ties to the lowest id; token -1 where fewer than k are numbers above
    /// negative infinity.
    /// </summary>
    /// <param name="logits">The model's own, f32 [rows, columns]: log-probabilities come from these.</param>
    /// <param name="scores">What is ranked, f32 [rows, columns].</param>
    /// <param name="columns">Which tokens the columns are.</param>
    /// <param name="k">Tokens per row.</param>
    /// <param name="results">Room for rows x k.</param>
    public static void Best(Tensor logits, Tensor scores, TokenColumns columns, int k, Span<SampledToken> results)
    {
        using var scope = torch.NewDisposeScope();
        scores = scores.With(scores.isnan(), float.NegativeInfinity);
        int ranked = Math.Min(k, columns.Count);
        var tokens = ranked == 1 ? scores.argmax(1, keepdim: true) : Keys(scores).topk(ranked, dim: 1).indexes;
        var logProbs = logits.gather(1, tokens).sub(logits.logsumexp(1, keepdim: true));
        // One transfer: ids below 2^53 and f32 values are exact in f64.
        var f64 = torch.ScalarType.Float64;
        var best = torch.stack([tokens.to(f64), logProbs.to(f64), scores.gather(1, tokens).to(f64)], -1).cpu().data<double>().ToArray();
        for (int i = 0; i < scores.shape[0] * k; i++)
        {
            int at = 3 * (i / k * ranked + i % k);
            float score = i % k < ranked ? (float)best[at + 2] : float.NegativeInfinity;
            results[i] = score > float.NegativeInfinity
                ? new SampledToken(columns.Token((int)best[at]), (float)best[at + 1], score)
                : new SampledToken(-1, float.NegativeInfinity, float.NegativeInfinity);
        }
    }

    // Distinct f64 keys in the order of (score falling, id rising), since topk orders ties as it likes. An f32 score leaves 29 of an f64's
    // bits free: each id moves the score by 2^-50 of itself, all ids together by less than half the gap to the next f32. Zeros, which that
    // would leave alone, become less than the least f32.
    private static Tensor Keys(Tensor scores)
    {
        using var scope = torch.NewDisposeScope();
        var f64 = torch.ScalarType.Float64;
        var ids = TensorArithmetic.Count(scores.shape[1], f64, scores.device).unsqueeze(0);
        var keys = scores.to(f64).mul(scores.sign().to(f64).mul(ids).TimesInPlace(-Math.ScaleB(1, -50)).PlusInPlace(1f));
        return torch.where(scores.IsEqualTo(0f), ids.Times(-Math.ScaleB(1, -200)), keys).MoveToOuterDisposeScope();
    }
}
