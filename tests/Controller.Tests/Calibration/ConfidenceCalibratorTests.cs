using Atlas.Controller.Calibration;
using FsCheck;
using FsCheck.Fluent;

namespace Atlas.Controller.Tests.Calibration;

public sealed class ConfidenceCalibratorTests
{
    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.5f)]
    [InlineData(0.97f)]
    public void A_new_one_trusts_the_confidence(float confidence) =>
        Assert.InRange(new ConfidenceCalibrator().Probability(confidence), confidence - 0.03f, confidence + 0.03f);

    [Theory]
    [InlineData("too sure")]
    [InlineData("too shy")]
    [InlineData("plateaus")]
    [InlineData("useless")]
    public void It_learns_the_true_relation(string stream)
    {
        var calibrator = new ConfidenceCalibrator();
        foreach (var (confidence, accepted) in ConfidenceStream.Draw(stream, 8000, 3)) calibrator.Observe(confidence, accepted);
        foreach (float confidence in new[] { 0.15f, 0.5f, 0.8f, 0.97f })
            Assert.InRange(calibrator.Probability(confidence) - ConfidenceStream.Truth(stream, confidence, 1), -0.09, 0.09);
    }

    [Fact]
    public void It_never_falls_when_the_confidence_rises() => Prop.ForAll<(byte Confidence, bool Accepted)[]>(observations =>
    {
        var calibrator = new ConfidenceCalibrator();
        foreach (var (confidence, accepted) in observations) calibrator.Observe(confidence / 255f, accepted);
        float last = 0;
        for (int i = 0; i <= 200; i++)
        {
            float p = calibrator.Probability(i / 200f);
            Assert.InRange(p, last, 1f);
            last = p;
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(float.NaN, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(-3f, 0f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(7f, 1f)]
    public void Confidences_that_are_none_are_harmless(float confidence, float like)
    {
        var calibrator = new ConfidenceCalibrator();
        Assert.Equal(calibrator.Probability(like), calibrator.Probability(confidence));
        for (int i = 0; i < 1000; i++) calibrator.Observe(confidence, accepted: true);
        for (float c = 0; c <= 1; c += 0.1f) Assert.InRange(calibrator.Probability(c), 0f, 1f);
    }

    [Fact]
    public void After_a_discount_it_learns_anew_quickly()
    {
        var (discounted, kept) = (new ConfidenceCalibrator(), new ConfidenceCalibrator());
        foreach (var calibrator in new[] { discounted, kept })
            for (int i = 0; i < 2000; i++) calibrator.Observe(0.8f, accepted: true);
        discounted.Discount(0.02);
        foreach (var calibrator in new[] { discounted, kept })
            for (int i = 0; i < 100; i++) calibrator.Observe(0.8f, accepted: false);
        Assert.InRange(discounted.Probability(0.8f), 0f, 0.35f);
        Assert.True(kept.Probability(0.8f) > 0.7f);
    }

    [Fact]
    public void What_is_saved_is_loaded()
    {
        var (first, second) = (new ConfidenceCalibrator(), new ConfidenceCalibrator());
        foreach (var (confidence, accepted) in ConfidenceStream.Draw("too sure", 500, 4)) first.Observe(confidence, accepted);
        double[] state = first.Save();
        second.Load(state);
        // The first one may not have pooled its last few counts.
        for (float c = 0; c <= 1; c += 0.05f) Assert.InRange(second.Probability(c) - first.Probability(c), -0.05f, 0.05f);
        state[0] = double.NaN;
        Assert.Throws<ArgumentException>(() => second.Load(state));
        Assert.Throws<ArgumentException>(() => second.Load(state.AsSpan(1)));
    }
}
