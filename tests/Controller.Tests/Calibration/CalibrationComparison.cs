using Atlas.Controller.Calibration;

namespace Atlas.Controller.Tests.Calibration;

/// <summary>Log loss and expected calibration error of a calibrator on a stream, every prediction made before its outcome is learned.</summary>
internal static class CalibrationComparison
{
    public static (double LogLoss, double Error) Binned(string stream, int count, int seed)
    {
        var calibrator = new ConfidenceCalibrator();
        return Score(stream, count, seed, calibrator.Probability, calibrator.Observe);
    }

    public static (double LogLoss, double Error) Platt(string stream, int count, int seed)
    {
        var calibrator = new PlattCalibrator();
        return Score(stream, count, seed, calibrator.Probability, calibrator.Observe);
    }

    public static (double LogLoss, double Error) Raw(string stream, int count, int seed) => Score(stream, count, seed, c => c, (_, _) => { });

    private static (double LogLoss, double Error) Score(
        string stream, int count, int seed, Func<float, float> predict, Action<float, bool> learn)
    {
        var error = new CalibrationError();
        double loss = 0;
        foreach (var (confidence, accepted) in ConfidenceStream.Draw(stream, count, seed))
        {
            float p = predict(confidence);
            error.Add(p, accepted);
            loss -= Math.Log(Math.Clamp(accepted ? p : 1 - p, 1e-4, 1));
            learn(confidence, accepted);
        }
        return (loss / count, error.Value);
    }
}
