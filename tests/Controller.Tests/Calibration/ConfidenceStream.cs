namespace Atlas.Controller.Tests.Calibration;

/// <summary>Streams of confidences and outcomes whose true relation is known.</summary>
internal static class ConfidenceStream
{
    public static string[] Names { get; } = ["honest", "too sure", "too shy", "saturated", "plateaus", "useless", "shift"];

    /// <summary>The true probability of acceptance for a confidence, in the given part (0 to 1) of a stream.</summary>
    public static double Truth(string name, double confidence, double part)
    {
        double logit = Math.Log(confidence / (1 - confidence));
        return name switch
        {
            "honest" => confidence,
            "too sure" => Sigmoid(0.5 * logit - 0.7),
            "too shy" => Sigmoid(1.8 * logit + 0.5),
            "saturated" => 0.55 * confidence,
            "plateaus" => confidence < 0.3 ? 0.1 : confidence < 0.9 ? 0.4 : 0.9,
            "useless" => 0.25,
            "shift" => part < 0.5 ? confidence : 0.3 * confidence,
            _ => throw new ArgumentException($"no stream is called {name}", nameof(name)),
        };
    }

    public static IEnumerable<(float Confidence, bool Accepted)> Draw(string name, int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            double confidence = Sigmoid(6 * (random.NextDouble() + random.NextDouble() - 1) + 0.8);
            yield return ((float)confidence, random.NextDouble() < Truth(name, confidence, (double)i / count));
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
