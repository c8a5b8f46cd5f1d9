using Atlas.Conformance.Statistics;
using Atlas.Core.Sampling;
using Atlas.Core.Tests.Statistics;

namespace Atlas.Core.Tests.Sampling;

public sealed class GumbelNoiseTests
{
    [Fact]
    public void Vectors_equal_the_scalar_form_to_the_bit_at_every_length()
    {
        var random = new Random(1);
        for (int length = 0; length <= 300; length++)
        {
            var key = GumbelNoise.Key((ulong)random.NextInt64(), random.NextInt64(1 << 30));
            var values = new float[length];
            GumbelNoise.AddTo(values, key);
            for (int token = 0; token < length; token++)
                Assert.Equal(BitConverter.SingleToInt32Bits(GumbelNoise.At(key, token)), BitConverter.SingleToInt32Bits(values[token]));
        }
    }

    [Fact]
    public void Vectors_equal_the_scalar_form_to_the_bit_over_a_large_vocabulary()
    {
        var values = new float[200_003];
        for (int position = 0; position < 20; position++)
        {
            var key = GumbelNoise.Key(99, position);
            Array.Clear(values);
            GumbelNoise.AddTo(values, key);
            for (int token = 0; token < values.Length; token++)
                if (BitConverter.SingleToInt32Bits(GumbelNoise.At(key, token)) != BitConverter.SingleToInt32Bits(values[token]))
                    Assert.Fail($"token {token} at position {position}: {values[token]:R} is not {GumbelNoise.At(key, token):R}");
        }
    }

    [Fact]
    public void Noise_is_added_to_what_is_there()
    {
        var key = GumbelNoise.Key(3, 4);
        var values = Enumerable.Range(0, 37).Select(i => i * 0.37f - 5f).ToArray();
        values[11] = float.NegativeInfinity;
        var expected = values.Select((v, token) => v + GumbelNoise.At(key, token)).ToArray();
        GumbelNoise.AddTo(values, key);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void Noise_equals_an_independent_derivation_in_double_precision()
    {
        var random = new Random(2);
        for (int i = 0; i < 200_000; i++)
        {
            ulong seed = (ulong)random.NextInt64() * 2 + (ulong)random.Next(2);
            long position = random.Next(4) == 0 ? random.NextInt64() : random.Next(100_000);
            int token = random.Next(300_000);
            var key = GumbelNoise.Key(seed, position);
            var (first, second) = GumbelOracle.Key(seed, position);
            Assert.Equal(first, key.First);
            Assert.Equal(second, key.Second);
            double expected = GumbelOracle.Noise(GumbelOracle.Hash(first, second, (uint)token));
            float actual = GumbelNoise.At(key, token);
            Assert.True(Math.Abs(actual - expected) < 1e-6 + 4e-7 * Math.Abs(expected), $"{actual:R} is not {expected:R}");
        }
    }

    // Engines on other devices reproduce these bits; a change of the noise changes every sampled text, so it must be deliberate.
    [Theory]
    [MemberData(nameof(GoldenValues))]
    public void Noise_keeps_its_golden_values(ulong seed, long position, int token, uint first, uint second, uint bits)
    {
        var key = GumbelNoise.Key(seed, position);
        Assert.Equal((first, second), key);
        Assert.Equal(bits.ToString("x8"), BitConverter.SingleToUInt32Bits(GumbelNoise.At(key, token)).ToString("x8"));
    }

    public static TheoryData<ulong, long, int, uint, uint, uint> GoldenValues => new()
    {
        { 0x0000000000000000, 0, 0, 0xb03a824d, 0x07fdd88a, 0xbf46007f },
        { 0x0000000000000000, 0, 1, 0xb03a824d, 0x07fdd88a, 0xbcb9f8fc },
        { 0x0000000000000000, 1, 0, 0x7122476e, 0x08931fbe, 0x3fa73014 },
        { 0x0000000000000001, 0, 0, 0x15543af0, 0xef750fda, 0xbf3e6d2d },
        { 0xffffffffffffffff, 2147483648, 151935, 0xf8501cc0, 0x65f4e61e, 0x3e073404 },
        { 0x000000000000002a, 7, 31999, 0x496ba871, 0x14e90ec1, 0xbf705a2c },
        { 0x000000000000002a, 8, 31999, 0xe3f36cf5, 0x912f7991, 0x3fcd178e },
        { 0x0123456789abcdef, 4095, 128255, 0xeda4481d, 0x1f4a1dca, 0x3f84e7f6 },
        { 0x91b7584a2265b1f5, 130, 61823, 0x572fc73c, 0xc812c86f, 0x3fed1e15 },
        { 0xc2ce6f447ed4d57b, 990370, 199027, 0x2e80b5a9, 0x29b0493a, 0xbf65f473 },
        { 0x35bf992dc9e9c616, 249, 14862, 0xd383b79b, 0x79e973d4, 0xbf44a190 },
        { 0xd5f4b3b2e4b06ce6, 907578, 1104, 0x2028ebf6, 0xa0878ba2, 0xbd3425ee },
        { 0x7204e52db2221a58, 479749, 53596, 0xa10e1225, 0xfd5f2e10, 0x408a7bd1 },
        { 0x51431193e6c3f339, 11, 13340, 0x0a163f4b, 0xf6d0ed1c, 0xbeff2810 },
        { 0x8a9a021ea648a7dd, 195, 113560, 0xf9e8d58b, 0xe7c7ccbc, 0x3fde9bc6 },
        { 0x6c0fd4f5f8130c42, 756915334201, 121040, 0xda065a16, 0x791d4eb5, 0xbed75f6f },
    };

    [Fact]
    public void Noise_follows_the_standard_Gumbel_distribution()
    {
        const int vocabulary = 50_000, positions = 40;
        var all = new List<float>(vocabulary * positions);
        for (int position = 0; position < positions; position++) all.AddRange(Noise(5, position, vocabulary));
        double n = all.Count;
        double mean = all.Average(x => (double)x);
        double variance = all.Average(x => (x - mean) * (x - mean));
        Assert.Equal(0.5772156649, mean, 4 * Math.Sqrt(1.6449 / n));
        Assert.Equal(Math.PI * Math.PI / 6, variance, 4 * 3.0 / Math.Sqrt(n));

        all.Sort();
        foreach (double p in (double[])[0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999])
        {
            // In units of probability, so that one bound serves all quantiles.
            double reached = Math.Exp(-Math.Exp(-all[(int)(p * n)]));
            Assert.Equal(p, reached, 4.5 * Math.Sqrt(p * (1 - p) / n));
        }
    }

    [Fact]
    public void The_upper_tail_is_not_cut_off()
    {
        const int vocabulary = 1 << 20, positions = 32;
        var above = new int[24];
        for (int position = 0; position < positions; position++)
        {
            foreach (float x in Noise(6, position, vocabulary))
            {
                Assert.True(float.IsFinite(x));
                if (x >= 8) above[(int)x]++;
            }
        }
        double n = (double)vocabulary * positions;
        int count = 0;
        for (int x = 23; x >= 8; x--)
        {
            count += above[x];
            double expected = n * (1 - Math.Exp(-Math.Exp(-x)));
            Assert.True(Math.Abs(count - expected) < 4.5 * Math.Sqrt(expected) + 4.5, $"{count} above {x}; expected {expected:F1}");
        }
        Assert.True(above[16..].Sum() > 0, "no noise above 16 in 33 million draws");
    }

    [Fact]
    public void The_largest_perturbed_logit_follows_softmax()
    {
        var random = new Random(7);
        var logits = Enumerable.Range(0, 30).Select(_ => (float)(random.NextDouble() * 6 - 3)).ToArray();
        var counts = new int[logits.Length];
        var perturbed = new float[logits.Length];
        for (int position = 0; position < 100_000; position++)
        {
            logits.CopyTo(perturbed, 0);
            GumbelNoise.AddTo(perturbed, GumbelNoise.Key(8, position));
            counts[Array.IndexOf(perturbed, perturbed.Max())]++;
        }
        ChiSquare.AssertFits(counts, Softmax.Of(logits));
    }

    [Fact]
    public void The_largest_perturbed_logit_follows_softmax_over_seeds_at_one_position()
    {
        var logits = Enumerable.Range(0, 12).Select(i => -0.4f * i).ToArray();
        var counts = new int[logits.Length];
        var perturbed = new float[logits.Length];
        for (ulong seed = 0; seed < 100_000; seed++)
        {
            logits.CopyTo(perturbed, 0);
            GumbelNoise.AddTo(perturbed, GumbelNoise.Key(seed, 17));
            counts[Array.IndexOf(perturbed, perturbed.Max())]++;
        }
        ChiSquare.AssertFits(counts, Softmax.Of(logits));
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("position")]
    [InlineData("token")]
    [InlineData("seed and position")]
    public void Neighbours_are_uncorrelated(string neighbour)
    {
        const int n = 200_000;
        double product = 0;
        for (int i = 0; i < n; i++)
        {
            ulong seed = (ulong)(i / 1000);
            long position = i / 50 % 20;
            int token = i % 50;
            float here = GumbelNoise.At(GumbelNoise.Key(seed, position), token * 2);
            float there = neighbour switch
            {
                "seed" => GumbelNoise.At(GumbelNoise.Key(seed + 1000, position), token * 2),
                "position" => GumbelNoise.At(GumbelNoise.Key(seed, position + 20), token * 2),
                "token" => GumbelNoise.At(GumbelNoise.Key(seed, position), token * 2 + 1),
                _ => GumbelNoise.At(GumbelNoise.Key((ulong)position + 1000, (long)seed), token * 2),
            };
            product += (here - 0.5772157) * (there - 0.5772157);
        }
        double correlation = product / n / (Math.PI * Math.PI / 6);
        Assert.True(Math.Abs(correlation) < 4.5 / Math.Sqrt(n), $"correlation {correlation:F4}");
    }

    private static float[] Noise(ulong seed, long position, int vocabulary)
    {
        var values = new float[vocabulary];
        GumbelNoise.AddTo(values, GumbelNoise.Key(seed, position));
        return values;
    }

    [Fact]
    public void Noise_of_some_tokens_is_that_of_all_of_them_to_the_bit()
    {
        var random = new Random(6);
        for (int count = 0; count < 70; count++)
        {
            int[] ids = [.. Enumerable.Range(0, count).Select(_ => random.Next(150_000)).Distinct().Order()];
            var key = GumbelNoise.Key((ulong)count, 1000 + count);
            var values = ids.Select(_ => (float)random.NextDouble()).ToArray();
            var expected = ids.Select((id, i) => values[i] + GumbelNoise.At(key, id)).ToArray();
            GumbelNoise.AddTo(values, key, ids);
            Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), values.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
