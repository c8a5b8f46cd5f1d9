using Atlas.Core.Numerics;

namespace Atlas.Core.Sampling;

/// <summary>
/// Turns a model's logits into the logits that are sampled: mask, bias, penalties, temperature, top-k, top-p, min-p, in this order; what is
/// dropped becomes negative infinity, and so does NaN. A pure function of logits, options and counts. One per vocabulary and thread; allocates nothing.
/// </summary>
internal sealed class LogitWarper(int vocabularySize)
{
    // Tokens this far below the best one are looked at only where the nearer ones do not suffice.
    private const float CandidateRange = 16f;

    private readonly float[] _warped = new float[vocabularySize];
    private readonly ulong[] _candidates = new ulong[vocabularySize];
    private readonly int[] _pathCounts = new int[vocabularySize];

    /// <summary>Whether the options leave the logits as they are.</summary>
    public static bool IsIdentity(in SampleSpec spec)
    {
        var options = spec.State.Options;
        return options.IsGreedy && !options.HasPenalties && options.LogitBias is null && options.AllowedTokens is null && spec.Mask is null;
    }

    /// <summary>The warped logits, overwritten by the next call.</summary>
    /// <param name="logits">One per id of <paramref name="ids"/>, or one per token where that is empty.</param>
    /// <param name="spec">Options, counts and mask.</param>
    /// <param name="path">Draft tokens before this position.</param>
    /// <param name="ids">Full ids, ascending, where the logits cover a part of the vocabulary.</param>
    public Span<float> Warp(ReadOnlySpan<float> logits, scoped in SampleSpec spec, scoped ReadOnlySpan<int> path, scoped ReadOnlySpan<int> ids)
    {
        var warped = _warped.AsSpan(0, logits.Length);
        VectorMath.CopyNumbers(logits, warped);
        var options = spec.State.Options;
        if (options.AllowedTokens is { } allowed) ApplyMask(warped, allowed, ids);
        if (spec.Mask is { } mask) ApplyMask(warped, mask, ids);
        if (options.LogitBias is { } bias) ApplyBias(warped, bias, ids);
        if (options.HasPenalties) ApplyPenalties(warped, spec.State, path, ids);
        if (options.IsGreedy) return warped;
        VectorMath.Scale(warped, 1f / options.Temperature);
        if (options.TopK > 0 || options.TopP < 1f) DropByRank(warped, options.TopK, options.TopP);
        if (options.MinP > 0f) DropBelow(warped, VectorMath.Max(warped) + MathF.Log(options.MinP));
        return warped;
    }

    private static void ApplyMask(Span<float> logits, TokenMask mask, ReadOnlySpan<int> ids)
    {
        for (int i = 0; i < logits.Length; i++)
            if (!mask.Allows(ids.IsEmpty ? i : ids[i]))
                logits[i] = float.NegativeInfinity;
    }

    private static void ApplyBias(Span<float> logits, IReadOnlyDictionary<int, float> bias, ReadOnlySpan<int> ids)
    {
        // A dictionary is enumerated without allocation only through its own type.
        if (bias is Dictionary<int, float> dictionary)
            foreach (var (token, value) in dictionary)
                AddAt(logits, token, value, ids);
        else
            foreach (var (token, value) in bias)
                AddAt(logits, token, value, ids);
    }

    private static void AddAt(Span<float> logits, int token, float value, ReadOnlySpan<int> ids)
    {
        int index = IndexOf(token, ids);
        if ((uint)index < (uint)logits.Length) logits[index] += value;
    }

    private static int IndexOf(int token, ReadOnlySpan<int> ids) => ids.IsEmpty ? token : ids.BinarySearch(token);

    private void ApplyPenalties(Span<float> logits, SamplingState state, ReadOnlySpan<int> path, ReadOnlySpan<int> ids)
    {
        foreach (int token in path) _pathCounts[token]++;
        var counts = state.Counts;
        for (int slot = 0; slot < counts.Slots; slot++)
        {
            if (!counts.TryGet(slot, out int token, out int outputs)) continue;
            Penalize(logits, IndexOf(token, ids), outputs + _pathCounts[token], state.Options);
            _pathCounts[token] = 0;
        }
        // Tokens of the path that neither prompt nor output holds.
        foreach (int token in path)
        {
            if (_pathCounts[token] == 0) continue;
            Penalize(logits, IndexOf(token, ids), _pathCounts[token], state.Options);
            _pathCounts[token] = 0;
        }
    }

    private static void Penalize(Span<float> logits, int index, int outputs, SamplingOptions options)
    {
        if ((uint)index >= (uint)logits.Length) return;
        float logit = logits[index];
        logit = logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty;
        if (outputs > 0) logit -= options.PresencePenalty + outputs * options.FrequencyPenalty;
        logits[index] = logit;
    }

    private static void DropBelow(Span<float> logits, float floor)
    {
        for (int i = 0; i < logits.Length; i++)
            if (!(logits[i] >= floor))
                logits[i] = float.NegativeInfinity;
    }

    private void DropByRank(Span<float> logits, int topK, float topP)
    {
        float max = VectorMath.Max(logits);
        int keep = topK > 0 ? Math.Min(topK, logits.Length) : logits.Length;
        double all = topK > 0 || topP >= 1f ? 0 : VectorMath.SumExp(logits, max);
        int kept = RankWithin(logits, max - CandidateRange, max, keep, topP, all, out bool enough);
        if (!enough) kept = RankWithin(logits, float.NegativeInfinity, max, keep, topP, all, out _);
        // The survivors' ids are the low halves of the first keys.
        var survivors = _candidates.AsSpan(0, kept);
        for (int i = 0; i < survivors.Length; i++) survivors[i] = (uint)survivors[i] | (ulong)BitConverter.SingleToUInt32Bits(logits[(int)(uint)survivors[i]]) << 32;
        logits.Fill(float.NegativeInfinity);
        foreach (ulong key in survivors) logits[(int)(uint)key] = BitConverter.UInt32BitsToSingle((uint)(key >> 32));
    }

    // Sorts the tokens above the floor by falling logit, then rising id, and returns how many of them survive; not enough when tokens below
    // the floor might survive too.
    private int RankWithin(ReadOnlySpan<float> logits, float floor, float max, int keep, float topP, double all, out bool enough)
    {
        int count = 0;
        for (int i = 0; i < logits.Length; i++)
            if (logits[i] > floor)
                _candidates[count++] = (ulong)DescendingKey(logits[i]) << 32 | (uint)i;
        var ranked = _candidates.AsSpan(0, count);
        ranked.Sort();
        enough = count >= keep;
        if (ranked.Length > keep) ranked = ranked[..keep];
        if (topP >= 1f) return ranked.Length;
        double total = all;
        if (all == 0)
            foreach (ulong key in ranked) total += VectorMath.Exp(logits[(int)(uint)key] - max);
        double reached = 0;
        for (int i = 0; i < ranked.Length; i++)
        {
            reached += VectorMath.Exp(logits[(int)(uint)ranked[i]] - max);
            if (reached < topP * total) continue;
            enough |= all != 0;
            return i + 1;
        }
        return ranked.Length;
    }

    // Unsigned keys that rise as the float falls.
    private static uint DescendingKey(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value == 0 ? 0f : value);
        uint ascending = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        return ~ascending;
    }
}
