namespace Atlas.Modeling.Training;

/// <summary>
/// Counter-based normal numbers: element i of a tensor is a pure function of (seed, tensor name, i), by a 64-bit mix and Box and Muller's
/// transform, so initial weights depend neither on the order of tensors nor on other tensors' sizes.
/// </summary>
public static class NormalGenerator
{
    /// <summary>Fills <paramref name="values"/> with normal numbers of mean 0.</summary>
    /// <param name="values">A tensor's elements, row-major.</param>
    /// <param name="seed">Chooses the numbers of all tensors.</param>
    /// <param name="name">The tensor's name.</param>
    /// <param name="deviation">Standard deviation.</param>
    public static void Fill(Span<float> values, ulong seed, string name, double deviation)
    {
        ulong key = Mix(seed + 0x9e3779b97f4a7c15UL) ^ Hash(name);
        for (int i = 0; i < values.Length; i += 2)
        {
            ulong first = Mix(key + ((ulong)i + 1) * 0x9e3779b97f4a7c15UL);
            ulong second = Mix(key + ((ulong)i + 2) * 0x9e3779b97f4a7c15UL);
            double radius = deviation * Math.Sqrt(-2 * Math.Log(((first >> 11) + 1) * (1.0 / (1UL << 53))));
            var (sin, cos) = Math.SinCos(2 * Math.PI * ((second >> 11) * (1.0 / (1UL << 53))));
            values[i] = (float)(radius * cos);
            if (i + 1 < values.Length) values[i + 1] = (float)(radius * sin);
        }
    }

    // FNV-1a over the name's characters.
    private static ulong Hash(string name)
    {
        ulong hash = 0xcbf29ce484222325UL;
        foreach (char c in name) hash = (hash ^ c) * 0x100000001b3UL;
        return Mix(hash);
    }

    // The finalizer of SplitMix64.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9UL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebUL;
        return x ^ (x >> 31);
    }
}
