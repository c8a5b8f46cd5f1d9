using Atlas.Core.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Top-k, top-p (nucleus, arXiv 1904.09751, over what top-k left) and min-p (arXiv 2407.01082) on the device.</summary>
internal static class RankFilter
{
    /// <summary>Drops tokens of each spec's row of <paramref name="logits"/>, already divided by the temperature.</summary>
    public static Tensor Apply(Tensor logits, ReadOnlySpan<SampleSpec> specs)
    {
        bool any = false;
        long vocabulary = logits.shape[1];
        var topK = new long[specs.Length];
        var topP = new double[specs.Length];
        var minP = new float[specs.Length];
        for (int i = 0; i < specs.Length; i++)
        {
            var options = specs[i].State.Options;
            bool filters = options.HasFilters;
            any |= filters;
            topK[i] = filters && options.TopK > 0 ? options.TopK : vocabulary;
            topP[i] = filters && options.TopP < 1f ? options.TopP : double.PositiveInfinity;
            minP[i] = filters && options.MinP > 0f ? MathF.Log(options.MinP) : float.NegativeInfinity;
        }
        if (!any) return logits;

        using var scope = torch.NewDisposeScope();
        Tensor Column(Array values) => torch.from_array(values, logits.device).unsqueeze(1);
        // Equal logits keep the order of their ids.
        var (sorted, ids) = logits.sort(1, descending: true, stable: true);
        var kept = TensorArithmetic.Count(vocabulary, torch.ScalarType.Int64, logits.device).unsqueeze(0).lt(Column(topK));
        var mass = sorted.With(kept.logical_not(), float.NegativeInfinity).to(torch.ScalarType.Float64).softmax(1);
        // A token stays while those before it have not reached p.
        kept = kept.logical_and(mass.cumsum(1).sub_(mass).lt(Column(topP)));
        kept = kept.logical_and(sorted.ge(sorted.narrow(1, 0, 1).Plus(Column(minP))));
        sorted = sorted.With(kept.logical_not(), float.NegativeInfinity);
        return torch.empty_like(logits).scatter_(1, ids, sorted).MoveToOuterDisposeScope();
    }
}
