using Atlas.Controller.Budget;
using Atlas.Controller.Choice;
using Atlas.Controller.Latency;
using Atlas.Core.Decoding;

namespace Atlas.Controller.Tests.Choice;

public sealed class StepForecastTests
{
    private static readonly TargetLatency Curve = new(LatencyProfile.Of((1, 1.6e-3), (5, 2.0e-3), (64, 19e-3)));

    [Fact]
    public void The_loss_is_predicted_time_per_token_in_plain_steps()
    {
        var losses = Losses(batch: 1, accepted: 2, rows: 4, draftSeconds: 1e-3);
        Assert.Equal(1, losses[0]);
        Assert.Equal((1.6e-3 + 0.4e-3 + 1e-3) / 3 / 1.6e-3, losses[1], 9);
    }

    [Fact]
    public void What_pays_alone_may_not_pay_in_a_large_batch()
    {
        Assert.True(Losses(batch: 1, accepted: 1, rows: 4, draftSeconds: 5e-4)[1] < 1);
        Assert.True(Losses(batch: 16, accepted: 1, rows: 4, draftSeconds: 5e-4)[1] > 1);
    }

    [Fact]
    public void What_has_to_be_read_once_is_spread_over_the_tokens_that_are_expected()
    {
        double without = Losses(batch: 1, accepted: 2, rows: 4, draftSeconds: 1e-3)[1];
        double with = Losses(batch: 1, accepted: 2, rows: 4, draftSeconds: 1e-3, readSeconds: 32e-3)[1];
        // A hundred tokens are expected: 0.32 ms each, a fifth of a plain step, and as much again for hopes that fail.
        Assert.Equal(0.4, with - without, 9);
    }

    private static double[] Losses(int batch, int accepted, int rows, double draftSeconds, double readSeconds = 0)
    {
        var estimates = new ArmEstimates(1);
        for (int i = 0; i < 5000; i++) estimates.Learn(1, accepted, rows, 1, 0.01);
        double plain = Curve.Seconds(batch, 0);
        var prices = new RowPrices(Curve, new ForwardRows(batch, 1000, 1000), 0, plain / batch);
        var losses = new double[2];
        new StepForecast(prices, plain / batch, rows * (batch - 1)).Losses(estimates, [draftSeconds], [readSeconds], 100, losses);
        return losses;
    }
}
