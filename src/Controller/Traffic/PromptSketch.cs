namespace Atlas.Controller.Traffic;

/// <summary>
/// A prompt as a vector whose products tell how alike two prompts are: pairs of neighbouring tokens, hashed with a sign into places (feature
/// hashing: Weinberger et al., ICML 2009), of each place only the sign of its sum, so that a pair that comes a hundred times counts once; at length 1.
/// </summary>
internal static class PromptSketch
{
    /// <summary>Places of a sketch.</summary>
    public const int Length = 512;

    private const int LeastPairs = 4;

    /// <summary>Sketches a prompt; false where it is too short to say anything.</summary>
    /// <param name="prompt">Token ids.</param>
    /// <param name="sketch">Filled, <see cref="Length"/> numbers.</param>
    public static bool Write(ReadOnlySpan<int> prompt, Span<float> sketch)
    {
        sketch.Clear();
        for (int i = 1; i < prompt.Length; i++)
        {
            uint hash = ((uint)prompt[i - 1] * 0x9E3779B1u ^ (uint)prompt[i]) * 0x85EBCA6Bu;
            hash = (hash ^ hash >> 15) * 0xC2B2AE35u;
            sketch[(int)(hash >> 16) % Length] += (hash & 1) == 0 ? 1 : -1;
        }
        int places = 0;
        foreach (float sum in sketch)
            if (sum != 0)
                places++;
        if (places < LeastPairs) return false;
        float one = 1 / MathF.Sqrt(places);
        foreach (ref float sum in sketch) sum = sum > 0 ? one : sum < 0 ? -one : 0;
        return true;
    }
}
