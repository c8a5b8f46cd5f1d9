namespace Atlas.Core.Sampling;

/// <summary>
/// Uniform random numbers as a pure function of (seed, position, stream): what classical rejection sampling draws with. Streams are
/// independent of each other and of <see cref="GumbelNoise"/>.
/// </summary>
public static class CounterRandom
{
    /// <summary>The stream that draft tokens are drawn with.</summary>
    public const int DraftStream = 1;

    /// <summary>The stream that decides acceptance.</summary>
    public const int AcceptStream = 2;

    /// <summary>The stream that recovered and bonus tokens are drawn with.</summary>
    public const int RecoverStream = 3;

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public static double Uniform(ulong seed, long position, int stream)
    {
        var (first, second) = GumbelNoise.Key(seed ^ ((ulong)stream * 0x9e3779b97f4a7c15UL), position);
        return (((ulong)second << 32 | first) >> 11) * (1.0 / 9007199254740992.0);
    }
}
