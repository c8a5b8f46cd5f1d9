namespace Atlas.Controller.Tests.Calibration;

/// <summary>Online Platt scaling: a logistic regression on the confidence's logit by adaptive gradient steps. What the binned calibrator is compared with.</summary>
internal sealed class PlattCalibrator
{
    private readonly double[] _weights = [0, 1];
    private readonly double[] _squares = [1e-3, 1e-3];

    public float Probability(float confidence) => (float)(1 / (1 + Math.Exp(-_weights[0] - _weights[1] * Logit(confidence))));

    public void Observe(float confidence, bool accepted)
    {
        double error = Probability(confidence) - (accepted ? 1 : 0);
        double[] gradient = [error, error * Logit(confidence) / 4];
        for (int i = 0; i < 2; i++)
        {
            _squares[i] = _squares[i] * 0.999 + gradient[i] * gradient[i];
            _weights[i] -= 0.15 * gradient[i] / Math.Sqrt(_squares[i]);
        }
        _weights[1] = Math.Max(0, _weights[1]);
    }

    private static double Logit(float confidence)
    {
        double c = Math.Clamp(confidence, 1e-3, 1 - 1e-3);
        return Math.Log(c / (1 - c));
    }
}
