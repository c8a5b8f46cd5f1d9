namespace Atlas.Controller.Latency;

/// <summary>What a target forward takes over n rows, as it was measured at start.</summary>
public sealed record LatencyProfile
{
    /// <summary>Row counts that were measured, rising, from 1.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Seconds for each of them at <see cref="Context"/>.</summary>
    public required IReadOnlyList<double> Seconds { get; init; }

    /// <summary>Cached tokens behind which they were measured.</summary>
    public double Context { get; init; }

    /// <summary>Seconds that one more cached token adds to a forward.</summary>
    public double PerContext { get; init; }

    /// <summary>Seconds that one more cached token adds to every row.</summary>
    public double PerRowContext { get; init; }

    /// <summary>A profile from pairs of rows and seconds.</summary>
    public static LatencyProfile Of(params (int Rows, double Seconds)[] points) =>
        new() { Rows = [.. points.Select(p => p.Rows)], Seconds = [.. points.Select(p => p.Seconds)] };

    /// <summary>
    /// Measures a target: lower quartiles over rounds in which every row count takes its turn, the first rounds left out; then one and eight rows
    /// behind a long context. A busy neighbour and code that is still being compiled only ever add time, so a row count takes no longer than
    /// any larger one was seen to take.
    /// </summary>
    /// <param name="probe">Runs the forwards.</param>
    /// <param name="rounds">Rounds that count, at least 1.</param>
    public static LatencyProfile Measure(ILatencyProbe probe, int rounds = 9)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        int[] rows = [.. KnotRows.Where(r => r < probe.MaxRows), probe.MaxRows];
        int near = Math.Min(64, probe.MaxContext / 4), far = Math.Min(1024, probe.MaxContext - rows[^1]), many = Math.Min(8, probe.MaxRows);
        double[] seconds = Quartiles(rounds, rows.Length, i => probe.Seconds(rows[i], near));
        BoundByLarger(seconds);
        var profile = new LatencyProfile { Rows = rows, Seconds = seconds, Context = near };
        if (far <= 2 * near || many < 2) return profile;
        double[] contexts = Quartiles(rounds, 4, i => probe.Seconds(i % 2 == 0 ? 1 : many, i < 2 ? near : far));
        double one = Math.Max(0, (contexts[2] - contexts[0]) / (far - near)), all = Math.Max(0, (contexts[3] - contexts[1]) / (far - near));
        double perRow = Math.Max(0, (all - one) / (many - 1));
        return profile with { PerRowContext = perRow, PerContext = Math.Max(0, one - perRow) };
    }

    /// <summary>Makes times of rising row counts rise: none is longer than that of more rows.</summary>
    internal static void BoundByLarger(Span<double> seconds)
    {
        for (int i = seconds.Length - 2; i >= 0; i--) seconds[i] = Math.Min(seconds[i], seconds[i + 1]);
    }

    private const int WarmRounds = 2;

    private static readonly int[] KnotRows = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024, 2048];

    private static double[] Quartiles(int rounds, int cases, Func<int, double> measure)
    {
        var measured = new double[cases][];
        for (int i = 0; i < cases; i++) measured[i] = new double[rounds];
        for (int round = -WarmRounds; round < rounds; round++)
            for (int i = 0; i < cases; i++)
            {
                double seconds = measure(i);
                if (round >= 0) measured[i][round] = seconds;
            }
        return [.. measured.Select(m => m.Order().ElementAt(m.Length / 4))];
    }
}
