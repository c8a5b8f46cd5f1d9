using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

/// <summary>
/// The sampling pipeline a second time, as plainly as it can be said: in double precision, over lists, one step after the other. Where
/// rounding could decide (two scores, a cumulated probability and top-p, a probability and min-p all but equal) it calls the case
/// ambiguous.
/// </summary>
internal static class NaiveSampler
{
    public sealed record Candidate(int Token, double Warped, double Score);

    public sealed record Outcome(List<Candidate> Ranked, bool IsAmbiguous);

    public static Outcome Rank(float[] logits, SampleCase c)
    {
        var options = c.Options;
        var kept = new List<Candidate>();
        for (int i = 0; i < logits.Length; i++)
        {
            int token = c.Ids is null ? i : c.Ids[i];
            double logit = logits[i];
            if (double.IsNaN(logit) || double.IsNegativeInfinity(logit)) continue;
            if (options.AllowedTokens?.Allows(token) == false || c.Mask?.Allows(token) == false) continue;
            logit = Penalize(logit + (options.LogitBias?.GetValueOrDefault(token) ?? 0), token, c);
            if (double.IsNegativeInfinity(logit)) continue;
            kept.Add(new Candidate(token, options.IsGreedy ? logit : logit / options.Temperature, 0));
        }
        kept = [.. kept.OrderByDescending(k => k.Warped).ThenBy(k => k.Token)];
        bool ambiguous = HasNearTie(kept.Select(k => k.Warped));
        if (!options.IsGreedy)
        {
            if (options.TopK > 0) kept = [.. kept.Take(options.TopK)];
            kept = TopP(kept, options.TopP, ref ambiguous);
            kept = MinP(kept, options.MinP, ref ambiguous);
        }
        var key = GumbelNoise.Key(options.Seed, c.Position);
        var scored = kept.Select(k => k with { Score = options.IsGreedy ? k.Warped : k.Warped + GumbelNoise.At(key, k.Token) });
        List<Candidate> ranked = [.. scored.OrderByDescending(k => k.Score).ThenBy(k => k.Token)];
        return new Outcome(ranked, ambiguous || HasNearTie(ranked.Select(k => k.Score)));
    }

    public static double[] Probabilities(List<Candidate> ranked, int vocabulary, bool greedy)
    {
        var p = new double[vocabulary];
        if (greedy)
        {
            p[ranked[0].Token] = 1;
            return p;
        }
        double max = ranked.Max(k => k.Warped), sum = ranked.Sum(k => Math.Exp(k.Warped - max));
        foreach (var k in ranked) p[k.Token] = Math.Exp(k.Warped - max) / sum;
        return p;
    }

    private static double Penalize(double logit, int token, SampleCase c)
    {
        int outputs = c.Output.Count(t => t == token) + c.Path.Count(t => t == token);
        if (outputs > 0 || c.Prompt.Contains(token))
            logit = logit > 0 ? logit / c.Options.RepetitionPenalty : logit * c.Options.RepetitionPenalty;
        return outputs > 0 ? logit - c.Options.PresencePenalty - outputs * (double)c.Options.FrequencyPenalty : logit;
    }

    private static List<Candidate> TopP(List<Candidate> ranked, double topP, ref bool ambiguous)
    {
        if (topP >= 1 || ranked.Count == 0) return ranked;
        double max = ranked[0].Warped, total = ranked.Sum(k => Math.Exp(k.Warped - max)), reached = 0;
        for (int i = 0; i < ranked.Count; i++)
        {
            reached += Math.Exp(ranked[i].Warped - max);
            ambiguous |= Math.Abs(reached / total - topP) < 1e-5;
            if (reached >= topP * total) return ranked[..(i + 1)];
        }
        return ranked;
    }

    private static List<Candidate> MinP(List<Candidate> ranked, double minP, ref bool ambiguous)
    {
        if (minP <= 0 || ranked.Count == 0) return ranked;
        double best = ranked[0].Warped, floor = best + Math.Log(minP);
        // At min-p 1 the best stay, and those exactly equal to it: that is decided without rounding.
        ambiguous |= ranked.Any(k => k.Warped != best && Math.Abs(k.Warped - floor) < 1e-4);
        return [.. ranked.Where(k => k.Warped >= floor)];
    }

    // Equal to rounding, but not equal: f32 may order them otherwise than double does.
    private static bool HasNearTie(IEnumerable<double> falling)
    {
        double last = double.PositiveInfinity;
        foreach (double value in falling)
        {
            if (value != last && last - value < 1e-4 * Math.Max(1, Math.Abs(value) / 16)) return true;
            last = value;
        }
        return false;
    }
}
