using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Drift;

/// <summary>The random choices of one request of a scenario.</summary>
internal sealed class DriftDraws(params ulong[] keys)
{
    // 2 to the power of -53: what one step of 53 random bits is worth.
    private const double Unit = 1.0 / (1L << 53);

    private SplitMix64 _random = new(keys);

    /// <summary>A number from 0 to less than 1.</summary>
    public double Uniform() => (_random.Next() >> 11) * Unit;

    /// <summary>A whole number from 0 to less than <paramref name="limit"/>.</summary>
    public int Below(int limit) => _random.Below(limit);
}
