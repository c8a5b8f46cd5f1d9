using System.Diagnostics;
using System.Globalization;

namespace Atlas.Host.Service.Metrics;

/// <summary>
/// Durations, counted in fixed buckets as Prometheus' histograms are. Recording allocates nothing and takes no lock: one thread at a time records,
/// any reads. The numbers of one reading may be an observation apart, but the count is always that of the buckets.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>Suffix of the counts by size.</summary>
    public const string BucketSuffix = "_bucket";

    private readonly double[] _bounds;
    private readonly long[] _counts;
    private readonly MetricLabel[] _labels;
    private double _sum;

    /// <summary>A histogram that has counted nothing.</summary>
    /// <param name="bounds">Upper bounds of the buckets in seconds, each counted in its own bucket, rising; beyond the last is one more bucket.</param>
    public LatencyHistogram(params ReadOnlySpan<double> bounds)
    {
        for (int i = 1; i < bounds.Length; i++)
            if (!(bounds[i] > bounds[i - 1]))
                throw new ArgumentException($"bound {i} is {bounds[i]}; expected more than {bounds[i - 1]}", nameof(bounds));
        _bounds = bounds.ToArray();
        _counts = new long[bounds.Length + 1];
        _labels = [.. _bounds.Select(bound => new MetricLabel("le", bound.ToString("R", CultureInfo.InvariantCulture))), new MetricLabel("le", "+Inf")];
    }

    /// <summary>For calls of a socket: 10 microseconds to a second.</summary>
    public static LatencyHistogram OfCalls() =>
        new(10e-6, 25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 1);

    /// <summary>For the time from a token to the next: 100 microseconds to ten seconds.</summary>
    public static LatencyHistogram OfTokens() =>
        new(100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 10);

    /// <summary>For requests: a millisecond to twenty minutes.</summary>
    public static LatencyHistogram OfRequests() =>
        new(1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1280);

    /// <summary>Upper bounds of the buckets but the last, which has none.</summary>
    public IReadOnlyList<double> Bounds => _bounds;

    /// <summary>Hears of each observation too, on the thread that records; null for nobody.</summary>
    public Action<double>? Listener { get; set; }

    /// <summary>Observations.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (int i = 0; i < _counts.Length; i++) count += Volatile.Read(ref _counts[i]);
            return count;
        }
    }

    /// <summary>Counts a duration, or as many equal ones as <paramref name="times"/> says; what is below none counts as none.</summary>
    public void Record(double seconds, int times = 1)
    {
        if (!(seconds > 0)) seconds = 0;
        int bucket = 0;
        while (bucket < _bounds.Length && seconds > _bounds[bucket]) bucket++;
        Volatile.Write(ref _counts[bucket], _counts[bucket] + times);
        Volatile.Write(ref _sum, _sum + (seconds * times));
        if (Listener is not { } listener) return;
        for (int i = 0; i < times; i++) listener(seconds);
    }

    /// <summary>Counts the time between two timestamps of <see cref="Stopwatch"/>, in equal parts where there are several.</summary>
    public void Record(long begin, long end, int parts = 1) => Record((end - begin) / ((double)Stopwatch.Frequency * parts), parts);

    /// <summary>The numbers as Prometheus has them: buckets that hold all below them too, the sum and the count.</summary>
    public IEnumerable<MetricValue> Read()
    {
        long count = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            count += Volatile.Read(ref _counts[i]);
            yield return new MetricValue(count, _labels[i], BucketSuffix);
        }
        yield return new MetricValue(Volatile.Read(ref _sum), Suffix: "_sum");
        yield return new MetricValue(count, Suffix: "_count");
    }
}
