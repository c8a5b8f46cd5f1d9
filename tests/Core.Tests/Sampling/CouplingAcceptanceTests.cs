using Atlas.Core.Sampling;
using Atlas.Core.Tests.Statistics;

namespace Atlas.Core.Tests.Sampling;

/// <summary>How often two models that share the noise draw the same token (arXiv 2408.07978).</summary>
public sealed class CouplingAcceptanceTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void Acceptance_is_at_least_the_coupling_bound_and_at_most_that_of_rejection(double difference)
    {
        const int vocabulary = 24, draws = 30_000;
        var random = new Random(4);
        var target = Enumerable.Range(0, vocabulary).Select(_ => (float)(random.NextDouble() * 5)).ToArray();
        var draft = target.Select(l => (float)(l + (random.NextDouble() - 0.5) * 2 * difference)).ToArray();
        var (p, q) = (Softmax.Of(target), Softmax.Of(draft));
        double distance = p.Zip(q, (a, b) => Math.Abs(a - b)).Sum() / 2;

        var sampler = new CoupledSampler(vocabulary);
        int equal = 0;
        for (int position = 0; position < draws; position++)
        {
            var c = new SampleCase(new SamplingOptions { Temperature = 1f, Seed = 12 }) { Position = position };
            if (c.Draw(sampler, target)[0].Token == c.Draw(sampler, draft)[0].Token) equal++;
        }
        double acceptance = (double)equal / draws, chance = 4 * Math.Sqrt(0.25 / draws);
        Assert.True(acceptance > (1 - distance) / (1 + distance) - chance, $"acceptance {acceptance:F4} at distance {distance:F4}");
        Assert.True(acceptance < 1 - distance + chance, $"acceptance {acceptance:F4} at distance {distance:F4}");
        if (difference == 0) Assert.Equal(draws, equal);
    }

    [Fact]
    public void Models_without_a_common_token_never_agree()
    {
        var sampler = new CoupledSampler(4);
        for (int position = 0; position < 200; position++)
        {
            var c = new SampleCase(new SamplingOptions { Temperature = 1f }) { Position = position };
            float none = float.NegativeInfinity;
            Assert.InRange(c.Draw(sampler, [1f, 1f, none, none])[0].Token, 0, 1);
            Assert.InRange(c.Draw(sampler, [none, none, 1f, 1f])[0].Token, 2, 3);
        }
    }
}
