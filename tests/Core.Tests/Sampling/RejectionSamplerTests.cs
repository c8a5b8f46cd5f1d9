using Atlas.Conformance.Statistics;
using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

public sealed class RejectionSamplerTests
{
    public static TheoryData<string, float[], float[]> Pairs => new()
    {
        { "equal", [0.1f, 0.2f, 0.3f, 0.4f], [0.1f, 0.2f, 0.3f, 0.4f] },
        { "near", [0.1f, 0.2f, 0.3f, 0.4f], [0.15f, 0.15f, 0.35f, 0.35f] },
        { "reversed", [0.1f, 0.2f, 0.3f, 0.4f], [0.4f, 0.3f, 0.2f, 0.1f] },
        { "draft is a point", [0.1f, 0.2f, 0.3f, 0.4f], [0f, 1f, 0f, 0f] },
        { "target is a point", [0f, 0f, 1f, 0f], [0.25f, 0.25f, 0.25f, 0.25f] },
        { "disjoint", [0.5f, 0.5f, 0f, 0f], [0f, 0f, 0.3f, 0.7f] },
        { "draft misses some", [0.25f, 0.25f, 0.25f, 0.25f], [0.5f, 0.5f, 0f, 0f] },
        { "draft has more", [0.5f, 0.5f, 0f, 0f], [0.25f, 0.25f, 0.25f, 0.25f] },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Output_follows_p_and_acceptance_is_one_less_the_total_variation_distance(string name, float[] p, float[] q)
    {
        const int draws = 100_000;
        var counts = new int[p.Length];
        int accepted = 0;
        for (int i = 0; i < draws; i++)
        {
            int draft = RejectionSampler.Draw(q, CounterRandom.Uniform(9, i, CounterRandom.DraftStream));
            bool stands = RejectionSampler.Accept(p, q, draft, CounterRandom.Uniform(9, i, CounterRandom.AcceptStream));
            int token = stands ? draft : RejectionSampler.Recover(p, q, CounterRandom.Uniform(9, i, CounterRandom.RecoverStream));
            if (stands) accepted++;
            counts[token]++;
        }
        double distance = p.Zip(q, (a, b) => Math.Abs((double)a - b)).Sum() / 2;
        Assert.True(Math.Abs((double)accepted / draws - (1 - distance)) < 0.007, $"{name}: accepted {accepted} of {draws} at distance {distance}");
        if (p.Count(x => x > 0) == 1) Assert.Equal(draws, counts[Array.IndexOf(p, 1f)]);
        else ChiSquare.AssertFits(counts, p.Select(x => (double)x).ToArray());
    }

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.2499, 1)]
    [InlineData(0.25, 3)]
    [InlineData(0.9999999999999999, 3)]
    public void A_draw_inverts_the_cumulated_distribution_and_skips_what_has_no_mass(double uniform, int expected) =>
        Assert.Equal(expected, RejectionSampler.Draw([0f, 0.25f, 0f, 0.75f, 0f], uniform));

    [Fact]
    public void A_draw_needs_no_exact_normalization()
    {
        Assert.Equal(0, RejectionSampler.Draw([0.3f, 0.1f], 0.74));
        Assert.Equal(1, RejectionSampler.Draw([0.3f, 0.1f], 0.76));
    }

    [Fact]
    public void Equal_distributions_recover_from_p()
    {
        float[] p = [0f, 0.5f, 0.5f];
        Assert.Equal(1, RejectionSampler.Recover(p, p, 0.1));
        Assert.Equal(2, RejectionSampler.Recover(p, p, 0.9));
    }

    [Fact]
    public void A_token_the_target_excludes_is_never_accepted() =>
        Assert.False(RejectionSampler.Accept([0f, 1f], [1f, 0f], 0, 0.0));
}
