using Atlas.Controller.Latency;

namespace Atlas.Controller.Tests.Latency;

/// <summary>Answers with a known law, the first forward of each size being slow.</summary>
internal sealed class CurveProbe : ILatencyProbe
{
    private readonly HashSet<int> _seen = [];

    public int MaxRows => 40;

    public int MaxContext => 2048;

    public double Seconds(int rows, int context) => (_seen.Add(rows) ? 10 : 1) * Law(rows, context);

    public static double Law(int rows, int context) => 1e-3 + rows * 1e-4 + context * (1e-6 + rows * 1e-7);
}
