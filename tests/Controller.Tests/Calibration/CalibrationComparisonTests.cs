using Xunit.Abstractions;

namespace Atlas.Controller.Tests.Calibration;

/// <summary>Why the calibrator is binned and isotonic: online Platt scaling is the alternative that was tried.</summary>
public sealed class CalibrationComparisonTests(ITestOutputHelper output)
{
    [Fact]
    public void Binned_calibration_has_the_lower_log_loss_and_error_over_all_streams()
    {
        var (binned, platt) = ((Loss: 0.0, Error: 0.0), (Loss: 0.0, Error: 0.0));
        foreach (string stream in ConfidenceStream.Names)
        {
            var b = CalibrationComparison.Binned(stream, 6000, 1);
            var p = CalibrationComparison.Platt(stream, 6000, 1);
            var raw = CalibrationComparison.Raw(stream, 6000, 1);
            output.WriteLine($"| {stream} | {raw.LogLoss:0.000} / {raw.Error:0.000} | {p.LogLoss:0.000} / {p.Error:0.000} | {b.LogLoss:0.000} / {b.Error:0.000} |");
            binned = (binned.Loss + b.LogLoss, binned.Error + b.Error);
            platt = (platt.Loss + p.LogLoss, platt.Error + p.Error);
        }
        Assert.True(binned.Loss < platt.Loss, $"log loss {binned.Loss} against {platt.Loss}");
        Assert.True(binned.Error < platt.Error, $"calibration error {binned.Error} against {platt.Error}");
    }

    [Fact]
    public void The_error_is_small_on_every_stream() =>
        Assert.All(ConfidenceStream.Names, stream => Assert.InRange(CalibrationComparison.Binned(stream, 6000, 2).Error, 0, 0.05));
}
