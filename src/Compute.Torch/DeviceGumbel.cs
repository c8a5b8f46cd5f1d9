using Atlas.Core.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// <see cref="GumbelNoise"/> on the device, equal to it to the bit: the same integer hash, here in 64-bit lanes whose low halves count, and
/// the same binary32 operations, one tensor operation each, so that nothing is fused. Where the host takes a float's bits apart, frexp
/// does it here.
/// </summary>
internal static class DeviceGumbel
{
    private const long Low = 0xffffffff;
    private const float HalfRoot = 0.70710677f;

    /// <summary>Adds each spec's noise to its row of <paramref name="scores"/>, f32 [specs, columns]; greedy rows stay as they are.</summary>
    /// <param name="scores">Warped logits.</param>
    /// <param name="specs">Seed and position of each row.</param>
    /// <param name="ids">Full token id of each column, int64; null where that is the column itself.</param>
    public static Tensor AddTo(Tensor scores, ReadOnlySpan<SampleSpec> specs, Tensor? ids = null)
    {
        var noisy = new List<long>();
        var first = new List<long>();
        var second = new List<long>();
        for (int i = 0; i < specs.Length; i++)
        {
            var options = specs[i].State.Options;
            if (options.IsGreedy) continue;
            var key = GumbelNoise.Key(options.Seed, specs[i].Position);
            noisy.Add(i);
            first.Add(key.First);
            second.Add(key.Second);
        }
        if (noisy.Count == 0) return scores;
        using var scope = torch.NewDisposeScope();
        var device = scores.device;
        var tokens = ids ?? TensorArithmetic.Count(scores.shape[1], torch.ScalarType.Int64, device);
        var noise = Noise(Column(first, device), Column(second, device), tokens);
        if (noisy.Count == specs.Length) return scores.Plus(noise).MoveToOuterDisposeScope();
        var rows = torch.tensor(noisy.ToArray()).to(device);
        return scores.clone().index_copy_(0, rows, scores.index_select(0, rows).PlusInPlace(noise)).MoveToOuterDisposeScope();
    }

    private static Tensor Column(List<long> words, torch.Device device) => torch.tensor(words.ToArray(), [words.Count, 1]).to(device);

    // Noise of tokens, int64 [n], under the keys [rows, 1]: f32 [rows, n].
    private static Tensor Noise(Tensor first, Tensor second, Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        var token = tokens.unsqueeze(0);
        var hash = Round(Round(token.bitwise_xor(first)).PlusInPlace(second).bitwise_and_(Low));
        var uniform = hash.bitwise_right_shift(1L).to(torch.ScalarType.Float32).PlusInPlace(0.25f).TimesInPlace(2f / 4294967296f);
        return Log(LogOneMinus(uniform).neg_()).neg_().MoveToOuterDisposeScope();
    }

    private static Tensor Round(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        x = x.bitwise_xor(x.bitwise_right_shift(16L)).TimesInPlace(0x7feb352dL).bitwise_and_(Low);
        x = x.bitwise_xor(x.bitwise_right_shift(15L)).TimesInPlace(0x846ca68bL).bitwise_and_(Low);
        return x.bitwise_xor(x.bitwise_right_shift(16L)).MoveToOuterDisposeScope();
    }

    // log(1 - v), v in (0, 1].
    private static Tensor LogOneMinus(Tensor v)
    {
        using var scope = torch.NewDisposeScope();
        var small = TwoAtanh(v.neg().div_(v.neg().PlusInPlace(2f)));
        var large = Log(v.neg().PlusInPlace(1f).AtLeastInPlace(2.98023224e-8f));
        return torch.where(v.IsBelow(0.25f), small, large).MoveToOuterDisposeScope();
    }

    // frexp's mantissa lies in [1/2, 1); the host's in [sqrt(1/2), sqrt(2)): what is below doubles, its exponent falls by one.
    private static Tensor Log(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var (mantissa, exponent) = x.frexp();
        var below = mantissa.IsBelow(HalfRoot).to(torch.ScalarType.Float32);
        var m = mantissa.mul(below.Plus(1f));
        var e = exponent.to(torch.ScalarType.Float32).sub_(below);
        return e.TimesInPlace(0.693147182f).PlusInPlace(TwoAtanh(m.Minus(1f).div_(m.Plus(1f)))).MoveToOuterDisposeScope();
    }

    private static Tensor TwoAtanh(Tensor s)
    {
        using var scope = torch.NewDisposeScope();
        var z = s.square();
        var p = z.Times(0.111111112f).PlusInPlace(0.142857149f).mul_(z).PlusInPlace(0.2f).mul_(z).PlusInPlace(0.333333343f).mul_(z);
        var t = s.Plus(s);
        return t.mul(p).PlusInPlace(t).MoveToOuterDisposeScope();
    }
}
