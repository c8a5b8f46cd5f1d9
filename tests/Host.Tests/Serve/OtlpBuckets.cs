namespace Atlas.Host.Tests.Serve;

/// <summary>Durations of a histogram by size, as a collector gets them.</summary>
/// <param name="Bounds">Upper bounds, in seconds.</param>
/// <param name="Counts">Those of each bucket alone; one more than there are bounds.</param>
/// <param name="Sum">Of all, in seconds.</param>
internal sealed record OtlpBuckets(double[] Bounds, long[] Counts, double Sum);
