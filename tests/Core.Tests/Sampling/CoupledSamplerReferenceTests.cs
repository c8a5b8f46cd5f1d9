using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

/// <summary>The sampler against <see cref="NaiveSampler"/> over random logits and options.</summary>
public sealed class CoupledSamplerReferenceTests
{
    [Theory]
    [InlineData(3, false, 4000)]
    [InlineData(17, false, 4000)]
    [InlineData(64, true, 4000)]
    [InlineData(300, false, 1500)]
    [InlineData(300, true, 1500)]
    public void Drawn_tokens_equal_those_of_a_naive_sampler(int vocabulary, bool hot, int cases)
    {
        var random = new RandomCases(vocabulary + (hot ? 1 : 0));
        var sampler = new CoupledSampler(vocabulary);
        int compared = 0;
        for (int i = 0; i < cases; i++)
        {
            var c = random.Next(vocabulary, hot);
            Assert.Null(c.Options with { AllowedTokens = null } is var o ? o.Fault(vocabulary) : null);
            var logits = random.Logits(c.Ids?.Length ?? vocabulary);
            var expected = NaiveSampler.Rank(logits, c);
            if (expected.Ranked.Count == 0)
            {
                // A hot vocabulary may hold no token that is allowed; of the whole one that is an error.
                if (hot) Assert.Equal(-1, c.Draw(sampler, logits, 5)[0].Token);
                else Assert.Throws<InvalidOperationException>(() => c.Draw(sampler, logits));
                continue;
            }
            var actual = c.Draw(sampler, logits, 5);
            if (expected.IsAmbiguous) continue;
            compared++;
            AssertEqual(expected.Ranked, actual, logits, c, $"case {i}: {c.Options}");
        }
        Assert.True(compared > cases / 4, $"only {compared} of {cases} cases could be compared");
    }

    [Theory]
    [InlineData(11, 3000)]
    [InlineData(200, 1500)]
    public void Probabilities_equal_those_of_a_naive_sampler(int vocabulary, int cases)
    {
        var random = new RandomCases(vocabulary + 7);
        var sampler = new CoupledSampler(vocabulary);
        var actual = new float[vocabulary];
        int compared = 0;
        for (int i = 0; i < cases; i++)
        {
            var c = random.Next(vocabulary, hot: false);
            var logits = random.Logits(vocabulary);
            var expected = NaiveSampler.Rank(logits, c);
            if (expected.Ranked.Count == 0)
            {
                Assert.Throws<InvalidOperationException>(() => sampler.Probabilities(logits, c.Spec(), c.Path, actual));
                continue;
            }
            if (expected.IsAmbiguous) continue;
            compared++;
            sampler.Probabilities(logits, c.Spec(), c.Path, actual);
            var p = NaiveSampler.Probabilities(expected.Ranked, vocabulary, c.Options.IsGreedy);
            for (int token = 0; token < vocabulary; token++)
                Assert.True(Math.Abs(p[token] - actual[token]) < 1e-5, $"case {i}, token {token}: {actual[token]}, not {p[token]}; {c.Options}");
        }
        Assert.True(compared > cases / 4, $"only {compared} of {cases} cases could be compared");
    }

    private static void AssertEqual(
        List<NaiveSampler.Candidate> expected, SampledToken[] actual, float[] logits, SampleCase c, string where)
    {
        double max = logits.Where(float.IsFinite).Max();
        double logSum = max + Math.Log(logits.Where(float.IsFinite).Sum(l => Math.Exp(l - max)));
        for (int i = 0; i < actual.Length; i++)
        {
            if (i >= expected.Count)
            {
                Assert.True(actual[i].Token == -1, $"{where}: rank {i} is {actual[i]}; expected none");
                continue;
            }
            Assert.True(expected[i].Token == actual[i].Token, $"{where}: rank {i} is {actual[i]}; expected {expected[i]}");
            Assert.Equal(expected[i].Score, actual[i].Score, 1e-3);
            if (logits.Any(float.IsNaN)) continue;
            int index = c.Ids is null ? actual[i].Token : Array.IndexOf(c.Ids, actual[i].Token);
            Assert.Equal(logits[index] - logSum, actual[i].LogProb, 1e-4);
        }
    }
}
