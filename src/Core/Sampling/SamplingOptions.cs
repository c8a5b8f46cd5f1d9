namespace Atlas.Core.Sampling;

/// <summary>
/// How tokens are drawn from a model's logits. Applied in this order: token mask, logit bias, penalties, temperature, top-k, top-p, min-p,
/// Gumbel noise. Immutable.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>The most probable token at every step.</summary>
    public static SamplingOptions Greedy { get; } = new();

    /// <summary>Lowest temperature that is not greedy: under it scaled logits would leave the range of f32.</summary>
    public const float LowestTemperature = 1e-6f;

    /// <summary>0 is greedy; otherwise logits are divided by it, which must be at least <see cref="LowestTemperature"/>.</summary>
    public float Temperature { get; init; }

    /// <summary>Keep the k most probable tokens; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keep the fewest most probable tokens whose probability reaches this (nucleus, arXiv 1904.09751); 1 keeps all.</summary>
    public float TopP { get; init; } = 1f;

    /// <summary>Keep tokens at least this fraction as probable as the most probable one (arXiv 2407.01082); 0 keeps all.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// Divides positive and multiplies negative logits of tokens in the prompt or the output (CTRL, arXiv 1909.05858); 1 does nothing.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>Subtracted from logits of tokens that are in the output; 0 does nothing.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted from a token's logit once for each time it is in the output; 0 does nothing.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Added to the logits of single tokens; null for none.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>Tokens that may be sampled at all; null allows every one.</summary>
    public TokenMask? AllowedTokens { get; init; }

    /// <summary>Restriction that depends on the text so far; null for none.</summary>
    public ITokenConstraint? Constraint { get; init; }

    /// <summary>Keys the noise. Samples of one prompt are given distinct seeds.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether any penalty is on, so that counts along the path matter.</summary>
    public bool HasPenalties => RepetitionPenalty != 1f || PresencePenalty != 0f || FrequencyPenalty != 0f;

    /// <summary>Whether the most probable token is taken without noise.</summary>
    public bool IsGreedy => Temperature == 0f;

    /// <summary>Whether tokens are dropped by rank or probability.</summary>
    public bool HasFilters => !IsGreedy && (TopK > 0 || TopP < 1f || MinP > 0f);

    /// <summary>One line that says what is out of range, or null when all is well.</summary>
    public string? Fault(int vocabularySize)
    {
        if (!(Temperature >= 0f) || float.IsInfinity(Temperature)) return $"temperature is {Temperature}; expected 0 or a positive number";
        if (Temperature is > 0f and < LowestTemperature) return $"temperature is {Temperature}; expected 0 or at least {LowestTemperature}";
        if (TopK < 0) return $"top-k is {TopK}; expected 0 or more";
        if (!(TopP > 0f && TopP <= 1f)) return $"top-p is {TopP}; expected more than 0 and at most 1";
        if (!(MinP >= 0f && MinP <= 1f)) return $"min-p is {MinP}; expected 0 to 1";
        if (!(RepetitionPenalty > 0f) || float.IsInfinity(RepetitionPenalty))
            return $"repetition penalty is {RepetitionPenalty}; expected a positive number";
        if (!float.IsFinite(PresencePenalty)) return $"presence penalty is {PresencePenalty}; expected a finite number";
        if (!float.IsFinite(FrequencyPenalty)) return $"frequency penalty is {FrequencyPenalty}; expected a finite number";
        if (AllowedTokens is { } mask && mask.Count == 0) return "the token mask allows no token; expected at least one";
        if (LogitBias is null) return null;
        foreach (var (token, bias) in LogitBias)
        {
            if ((uint)token >= (uint)vocabularySize) return $"logit bias names token {token}; expected 0 to {vocabularySize - 1}";
            if (float.IsNaN(bias) || float.IsPositiveInfinity(bias)) return $"logit bias of token {token} is {bias}; expected a finite number";
        }
        return null;
    }
}
