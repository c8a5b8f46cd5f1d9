namespace Atlas.Evaluation.PolicyGradient;

/// <summary>How the policy learns from its samples.</summary>
public sealed record GrpoOptions
{
    /// <summary>How far the ratio of new to old probability may leave 1 before its gain is cut; more than 0, less than 1.</summary>
    public float ClipRange { get; init; } = 0.2f;

    /// <summary>Weight of the divergence from the start policy; 0 or more.</summary>
    public float KlWeight { get; init; } = 0.02f;

    /// <summary>AdamW's learning rate; more than 0.</summary>
    public float LearningRate { get; init; } = 1e-5f;

    /// <summary>AdamW's weight decay; 0 or more.</summary>
    public float WeightDecay { get; init; }

    /// <summary>The gradient is scaled down to this norm; 0 does not clip.</summary>
    public float ClipNorm { get; init; } = 1f;

    /// <summary>Updates that the samples of one step are shared out over, whole groups each; the ratio leaves 1 from the second on.</summary>
    public int UpdatesPerStep { get; init; } = 2;

    /// <summary>Most positions in one backward pass; what does not fit goes into further passes of the same update.</summary>
    public int BatchTokens { get; init; } = 4096;

    /// <summary>What is out of range, or null.</summary>
    internal string? Fault()
    {
        if (!(ClipRange is > 0 and < 1)) return $"clip_range is {ClipRange}; expected more than 0 and less than 1";
        if (!(KlWeight >= 0 && float.IsFinite(KlWeight))) return $"kl_weight is {KlWeight}; expected 0 or more";
        if (!(LearningRate > 0 && float.IsFinite(LearningRate))) return $"learning_rate is {LearningRate}; expected more than 0";
        if (!(WeightDecay >= 0 && float.IsFinite(WeightDecay))) return $"weight_decay is {WeightDecay}; expected 0 or more";
        if (!(ClipNorm >= 0 && float.IsFinite(ClipNorm))) return $"clip_norm is {ClipNorm}; expected 0 or more";
        if (UpdatesPerStep < 1) return $"updates_per_step is {UpdatesPerStep}; expected at least 1";
        return BatchTokens < 1 ? $"batch_tokens is {BatchTokens}; expected at least 1" : null;
    }
}
