using Atlas.Core.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Turns logits into the logits that are sampled, on the device, by the host's rules in the host's order: masks, bias, penalties,
/// temperature, top-k, top-p, min-p; what is dropped becomes negative infinity, and so does NaN. Sums for top-p run in another order than
/// the host's, so a token at the very edge of the nucleus may differ.
/// </summary>
internal static class DeviceWarper
{
    /// <summary>Warps each spec's row of <paramref name="logits"/>, f32 [specs, columns], which stays unchanged.</summary>
    public static Tensor Warp(Tensor logits, TokenColumns columns, SampleBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        var warped = logits.With(logits.isnan(), float.NegativeInfinity);
        for (int i = 0; i < batch.Specs.Length; i++)
        {
            using var row = warped.select(0, i);
            ApplyMask(row, columns, batch.Specs[i].State.Options.AllowedTokens);
            ApplyMask(row, columns, batch.Specs[i].Mask);
        }
        TokenAdjustments.ApplyBias(warped, columns, batch.Specs);
        TokenAdjustments.ApplyPenalties(warped, columns, batch);
        return RankFilter.Apply(Scale(warped, batch.Specs), batch.Specs).MoveToOuterDisposeScope();
    }

    private static void ApplyMask(Tensor row, TokenColumns columns, TokenMask? mask)
    {
        if (mask is null) return;
        using var scope = torch.NewDisposeScope();
        var words = new long[mask.Words.Length];
        for (int i = 0; i < words.Length; i++) words[i] = (long)mask.Words[i];
        var shifts = TensorArithmetic.Count(64, torch.ScalarType.Int64, row.device);
        var bits = torch.tensor(words).to(row.device).unsqueeze(1).bitwise_right_shift(shifts).bitwise_and(torch.tensor(1L).to(row.device));
        var allowed = bits.flatten().to(torch.ScalarType.Bool);
        if (columns.Ids is not null)
        {
            // A token behind the mask's last word is not allowed.
            var inside = columns.Ids.IsBelow(allowed.shape[0]);
            allowed = allowed.index_select(0, columns.Ids.AtMost(allowed.shape[0] - 1)).logical_and(inside);
        }
        long covered = Math.Min(allowed.shape[0], row.shape[0]);
        row.narrow(0, 0, covered).WithInPlace(allowed.narrow(0, 0, covered).logical_not(), float.NegativeInfinity);
        if (covered < row.shape[0]) row.narrow(0, covered, row.shape[0] - covered).AllInPlace(float.NegativeInfinity);
    }

    private static Tensor Scale(Tensor logits, ReadOnlySpan<SampleSpec> specs)
    {
        var factors = new float[specs.Length];
        bool all1 = true;
        for (int i = 0; i < specs.Length; i++)
        {
            var options = specs[i].State.Options;
            factors[i] = options.IsGreedy ? 1f : 1f / options.Temperature;
            all1 &= factors[i] == 1f;
        }
        return all1 ? logits : logits.mul_(torch.tensor(factors, [specs.Length, 1]).to(logits.device));
    }
}
