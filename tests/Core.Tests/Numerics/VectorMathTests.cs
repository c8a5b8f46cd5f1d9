using Atlas.Core.Numerics;

namespace Atlas.Core.Tests.Numerics;

public sealed class VectorMathTests
{
    [Fact]
    public void Exp_is_within_two_ten_millionths_of_the_double_result()
    {
        var random = new Random(1);
        double worst = 0;
        for (int i = 0; i < 500_000; i++)
        {
            float x = (float)(random.NextDouble() * 175 - 87.2);
            worst = Math.Max(worst, Math.Abs(VectorMath.Exp(x) / Math.Exp(x) - 1));
        }
        Assert.True(worst < 2e-7, $"relative error {worst:E2}");
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-87.4f, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_has_these_values_at_the_edges(float x, float expected) => Assert.Equal(expected, VectorMath.Exp(x));

    [Fact]
    public void A_value_has_the_same_exponential_wherever_it_stands()
    {
        var random = new Random(2);
        for (int length = 0; length < 70; length++)
        {
            var values = Values(random, length);
            float shift = (float)random.NextDouble();
            var actual = values.ToArray();
            VectorMath.ExpInPlace(actual, shift);
            for (int i = 0; i < length; i++)
                Assert.Equal(BitConverter.SingleToInt32Bits(VectorMath.Exp(values[i] - shift)), BitConverter.SingleToInt32Bits(actual[i]));
        }
    }

    [Fact]
    public void SumExp_equals_the_double_sum()
    {
        var random = new Random(3);
        for (int length = 1; length < 400; length += 13)
        {
            var values = Values(random, length).Select(v => float.IsNaN(v) ? -1f : v).ToArray();
            float max = VectorMath.Max(values);
            double expected = values.Sum(v => Math.Exp((double)v - max));
            Assert.Equal(expected, VectorMath.SumExp(values, max), 1e-5 * expected);
        }
    }

    [Fact]
    public void Max_passes_over_NaN()
    {
        var random = new Random(4);
        for (int length = 0; length < 70; length++)
        {
            var values = Values(random, length);
            float expected = values.Where(v => !float.IsNaN(v)).DefaultIfEmpty(float.NegativeInfinity).Max();
            Assert.Equal(expected, VectorMath.Max(values));
        }
    }

    [Fact]
    public void Scale_multiplies_each_value()
    {
        var random = new Random(5);
        for (int length = 0; length < 70; length++)
        {
            var values = Values(random, length);
            var actual = values.ToArray();
            VectorMath.Scale(actual, 1.7f);
            Assert.Equal(values.Select(v => v * 1.7f), actual);
        }
    }

    [Fact]
    public void CopyNumbers_replaces_NaN_and_nothing_else()
    {
        var random = new Random(6);
        for (int length = 0; length < 70; length++)
        {
            var values = Values(random, length);
            var actual = new float[length + 1];
            VectorMath.CopyNumbers(values, actual);
            Assert.Equal(values.Select(v => float.IsNaN(v) ? float.NegativeInfinity : v).Append(0f), actual);
        }
    }

    // Mostly ordinary logits; now and then a masked or broken one.
    private static float[] Values(Random random, int length)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = random.Next(12) switch
            {
                0 => float.NegativeInfinity,
                1 => float.NaN,
                _ => (float)(random.NextDouble() * 40 - 35),
            };
        }
        return values;
    }
}
