using Atlas.Controller.Calibration;

namespace Atlas.Controller.Tests.Calibration;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void It_is_the_weighted_distance_between_prediction_and_frequency()
    {
        var error = new CalibrationError();
        for (int i = 0; i < 4; i++) error.Add(0.25f, accepted: i == 0);
        Assert.Equal(0, error.Value, 6);
        for (int i = 0; i < 6; i++) error.Add(0.95f, accepted: i < 3);
        Assert.Equal(10, error.Samples);
        Assert.Equal(0.6 * 0.45, error.Value, 5);
        Assert.Equal((0.5, 6L), (error.Bin(9).Observed, error.Bin(9).Count));
    }

    [Fact]
    public void Counts_add_up()
    {
        var (one, other, both) = (new CalibrationError(), new CalibrationError(), new CalibrationError());
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            var (p, accepted) = (random.NextSingle(), random.Next(2) == 0);
            (i % 2 == 0 ? one : other).Add(p, accepted);
            both.Add(p, accepted);
        }
        one.Add(other);
        Assert.Equal((both.Samples, both.Value), (one.Samples, one.Value));
    }
}
