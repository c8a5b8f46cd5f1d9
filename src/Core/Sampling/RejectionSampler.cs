namespace Atlas.Core.Sampling;

/// <summary>
/// Classical speculative sampling (Leviathan et al., arXiv 2211.17192, algorithm 1): a draft token drawn from q is accepted with probability
/// min(1, p/q); where it is refused the recovered token is drawn from the normalized positive part of p - q. What comes out is distributed
/// as p. Stateless; the randomness comes in as uniforms.
/// </summary>
public static class RejectionSampler
{
    /// <summary>Whether a draft token stands.</summary>
    /// <param name="p">The target's probabilities.</param>
    /// <param name="q">The probabilities it was drawn from.</param>
    /// <param name="token">The draft token.</param>
    /// <param name="uniform">In [0, 1), independent of the draft.</param>
    public static bool Accept(ReadOnlySpan<float> p, ReadOnlySpan<float> q, int token, double uniform) => uniform * q[token] < p[token];

    /// <summary>Draws the recovered token of a refused draft.</summary>
    public static int Recover(ReadOnlySpan<float> p, ReadOnlySpan<float> q, double uniform)
    {
        double mass = 0;
        for (int i = 0; i < p.Length; i++) mass += Math.Max(0f, p[i] - q[i]);
        // p and q equal to rounding: then any draw from p is right.
        if (mass <= 0) return Draw(p, uniform);
        double left = uniform * mass;
        int last = -1;
        for (int i = 0; i < p.Length; i++)
        {
            float excess = p[i] - q[i];
            if (excess <= 0) continue;
            last = i;
            left -= excess;
            if (left < 0) return i;
        }
        return last;
    }

    /// <summary>Draws from a distribution; <paramref name="uniform"/> in [0, 1).</summary>
    public static int Draw(ReadOnlySpan<float> p, double uniform)
    {
        double mass = 0;
        foreach (float value in p) mass += value;
        double left = uniform * mass;
        int last = -1;
        for (int i = 0; i < p.Length; i++)
        {
            if (p[i] <= 0) continue;
            last = i;
            left -= p[i];
            if (left < 0) return i;
        }
        return last;
    }
}
