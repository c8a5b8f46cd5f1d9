using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

public sealed class AcceptanceEstimateTests
{
    [Fact]
    public void Is_a_probability_that_rises_with_length_and_number_and_share()
    {
        for (int length = 1; length <= 100; length++)
            for (int own = 0; own <= 16; own++)
                for (int foreign = own == 0 ? 1 : 0; foreign <= 16; foreign++)
                    foreach (float share in new[] { 0.001f, 0.2f, 0.6f, 0.95f })
                    {
                        float estimate = AcceptanceEstimate.Of(length, own, foreign, share);
                        Assert.InRange(estimate, 0f, 1f);
                        Assert.True(AcceptanceEstimate.Of(length + 1, own, foreign, share) >= estimate);
                        Assert.True(AcceptanceEstimate.Of(length, own + 1, foreign, share) > estimate);
                        if (foreign > 0) Assert.True(AcceptanceEstimate.Of(length, own, foreign + 1, share) > estimate);
                        Assert.True(AcceptanceEstimate.Of(length, own, foreign, share + 0.04f) > estimate);
                        Assert.True(AcceptanceEstimate.Of(length, own, foreign, 1f) > estimate);
                    }
    }
}
