namespace Atlas.Core.Tests.Sampling;

/// <summary>The noise derived a second time: arithmetic modulo powers of two for the hash, library logarithms in double for the rest.</summary>
internal static class GumbelOracle
{
    private static readonly UInt128 TwoTo64 = UInt128.One << 64;

    public static (uint First, uint Second) Key(ulong seed, long position)
    {
        ulong a = Finish64(Modulo((UInt128)seed + 0x9e3779b97f4a7c15));
        ulong b = Finish64(Modulo((UInt128)unchecked((ulong)position) + 0xd1b54a32d192ed03));
        ulong z = Finish64(a ^ b);
        return ((uint)(z % 4294967296), (uint)(z / 4294967296));
    }

    public static uint Hash(uint first, uint second, uint token) =>
        Finish32((uint)(((ulong)Finish32(token ^ first) + second) % 4294967296));

    /// <summary>-log(-log(1 - v)) of v = (bits / 2 + 1/4) / 2^31, rounded to binary32 after each operation; 1 - v at least 2^-25.</summary>
    public static double Noise(uint bits)
    {
        float v = (float)((float)((float)(bits / 2) + 0.25) / 2147483648.0);
        double rest = Math.Max(1.0 - v, Math.Pow(2, -25));
        double exponential = v < 1e-4 ? v + v * (double)v / 2 + Math.Pow(v, 3) / 3 : -Math.Log(rest);
        return -Math.Log(exponential);
    }

    // The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
    private static ulong Finish64(ulong x)
    {
        x = Modulo((UInt128)(x ^ x / (1UL << 30)) * 0xbf58476d1ce4e5b9);
        x = Modulo((UInt128)(x ^ x / (1UL << 27)) * 0x94d049bb133111eb);
        return x ^ x / (1UL << 31);
    }

    // The 32-bit mix "lowbias32" of Chris Wellons' hash prospector.
    private static uint Finish32(uint x)
    {
        x = (uint)((ulong)(x ^ x / 65536) * 0x7feb352d % 4294967296);
        x = (uint)((ulong)(x ^ x / 32768) * 0x846ca68b % 4294967296);
        return x ^ x / 65536;
    }

    private static ulong Modulo(UInt128 x) => (ulong)(x % TwoTo64);
}
