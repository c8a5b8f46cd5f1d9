using Atlas.Modeling;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>Shape and training of one model of a pair.</summary>
public sealed record ModelRecipe
{
    private const int MostWidth = 1 << 16;
    private const int MostTokens = 1 << 20;

    // The part of a run over which a rate that does not fall would do so.
    private const double NoDecay = 1e-9;

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Transformer blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key/value heads.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Most tokens of a sequence.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Whether the output rows are those of the embedding.</summary>
    public bool TiedEmbeddings { get; init; } = true;

    /// <summary>Base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Whether training begins from weights that can copy (<see cref="InductionStart"/>) instead of from noise alone.</summary>
    public bool InductionStart { get; init; }

    /// <summary>How it is trained before it has all its layers; null to begin with all.</summary>
    public GrowthRecipe? Growth { get; init; }

    /// <summary>
    /// Domains it is trained on. One that is named twice has twice the documents: what is hard, or short, needs more.
    /// </summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Share of training tokens that are real text, of the recipe's corpus; 0 to less than 1.</summary>
    public double TextShare { get; init; }

    /// <summary>Weight of a token of real text; that of a completion token is 1.</summary>
    public float TextWeight { get; init; } = 1f;

    /// <summary>Optimizer updates.</summary>
    public required int Updates { get; init; }

    /// <summary>Tokens per update.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Highest learning rate.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Decay of AdamW's second moment, see <see cref="PretrainingOptions.Beta2"/>.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Where above 0, Muon moves the matrices of the blocks, see <see cref="PretrainingOptions.MuonMomentum"/>.</summary>
    public double MuonMomentum { get; init; }

    /// <summary>Updates over which the learning rate rises.</summary>
    public int WarmUpUpdates { get; init; } = 100;

    /// <summary>
    /// Last part of the updates over which the learning rate falls to 0, having stood at its highest before: such a run can be prolonged by
    /// raising <see cref="Updates"/>. 0 lets it fall as a cosine to a tenth.
    /// </summary>
    public double DecayFraction { get; init; }

    /// <summary>Updates between evaluations on held-out documents.</summary>
    public int EvaluationUpdates { get; init; } = 250;

    /// <summary>Updates between training checkpoints.</summary>
    public int CheckpointUpdates { get; init; } = 500;

    /// <summary>Weight of a prompt token's loss; that of a completion token is 1.</summary>
    public float PromptWeight { get; init; } = 0.2f;

    /// <summary>Weight of the loss of a completion token that copying on would get wrong, such as what an edit changes.</summary>
    public float SurpriseWeight { get; init; } = 1f;

    /// <summary>The shape as a configuration, for a vocabulary with one end token.</summary>
    public ModelConfig ToConfig(int vocabularySize, int endToken) => new()
    {
        ModelType = "llama",
        VocabularySize = vocabularySize,
        HiddenSize = HiddenSize,
        IntermediateSize = IntermediateSize,
        Layers = Layers,
        Heads = Heads,
        KvHeads = KvHeads,
        HeadDim = HiddenSize / Heads,
        ContextLength = ContextLength,
        TiedEmbeddings = TiedEmbeddings,
        Rope = new RopeConfig { Theta = RopeTheta },
        EndTokens = [endToken],
    };

    /// <summary>How it is trained.</summary>
    public PretrainingOptions ToOptions() => new()
    {
        Budget = new TrainingBudget(BudgetUnit.Steps, Updates),
        BatchTokens = BatchTokens,
        MicroBatchTokens = Math.Max(ContextLength, Math.Min(BatchTokens, 4096)),
        SequenceLength = ContextLength,
        LearningRate = LearningRate,
        Beta2 = Beta2,
        MuonMomentum = MuonMomentum,
        WarmupSteps = WarmUpUpdates,
        DecayFraction = DecayFraction,
        FinalFraction = DecayFraction > 0 ? 0 : 0.1,
        EvaluationInterval = EvaluationUpdates,
        EvaluationDocuments = 128,
        CheckpointInterval = CheckpointUpdates,
    };

    /// <summary>The model of the first part of a training that grows; null where it does not grow.</summary>
    internal ModelRecipe? Smaller() => Growth is { } growth
        ? this with
        {
            Growth = null,
            Layers = growth.Layers,
            HiddenSize = HiddenSize / growth.Narrower,
            IntermediateSize = IntermediateSize / growth.Narrower,
            Heads = Heads / growth.Narrower,
            KvHeads = KvHeads / growth.Narrower,
            Updates = growth.Updates,
            BatchTokens = growth.BatchTokens ?? BatchTokens,
            LearningRate = growth.LearningRate ?? LearningRate,
            MuonMomentum = growth.MuonMomentum ?? MuonMomentum,
            DecayFraction = growth.DecayFraction ?? NoDecay,
        }
        : null;

    /// <summary>One line that says what is wrong, or null; <paramref name="name"/> is the recipe's key.</summary>
    internal string? Fault(string name) => ShapeFault(name) ?? DomainNames.Fault($"{name}.domains", Domains);

    /// <summary>The same without the domains.</summary>
    internal string? ShapeFault(string name)
    {
        if (Heads is < 1 or > MostWidth) return $"{name}.heads is {Heads}; expected 1 to {MostWidth}";
        if (HiddenSize is < 8 or > MostWidth || HiddenSize % Heads != 0 || HiddenSize / Heads % 2 != 0)
            return $"{name}.hidden_size is {HiddenSize}; expected a multiple of twice the {Heads} heads, 8 to {MostWidth}";
        if (KvHeads < 1 || Heads % KvHeads != 0) return $"{name}.kv_heads is {KvHeads}; expected a divisor of the {Heads} heads";
        if (IntermediateSize is < 1 or > MostWidth) return $"{name}.intermediate_size is {IntermediateSize}; expected 1 to {MostWidth}";
        if (Layers is < 1 or > 1024) return $"{name}.layers is {Layers}; expected 1 to 1024";
        if (ContextLength is < 16 or > MostTokens) return $"{name}.context_length is {ContextLength}; expected 16 to {MostTokens}";
        if (!(RopeTheta >= 1) || !double.IsFinite(RopeTheta)) return $"{name}.rope_theta is {RopeTheta}; expected 1 or more";
        if (InductionStart && Trainer.Pretraining.InductionStart.Hindrance((Smaller() ?? this).ToConfig(1, 0)) is { } hindrance)
            return $"{name}.induction_start: {hindrance}";
        return Growth?.Fault($"{name}.growth", this) ?? TrainingFault(name) ?? Smaller()?.TrainingFault($"{name}.growth");
    }

    private string? TrainingFault(string name)
    {
        if (Updates < 1) return $"{name}.updates is {Updates}; expected 1 or more";
        if (BatchTokens < ContextLength || BatchTokens > MostTokens)
            return $"{name}.batch_tokens is {BatchTokens}; expected at least context_length, {ContextLength}, and at most {MostTokens}";
        if (!(LearningRate > 0) || !float.IsFinite(LearningRate)) return $"{name}.learning_rate is {LearningRate}; expected a positive number";
        if (!(Beta2 is >= 0 and < 1)) return $"{name}.beta2 is {Beta2}; expected 0 to less than 1";
        if (!(MuonMomentum is >= 0 and < 1)) return $"{name}.muon_momentum is {MuonMomentum}; expected 0 to less than 1";
        if (WarmUpUpdates < 0) return $"{name}.warm_up_updates is {WarmUpUpdates}; expected 0 or more";
        if (!(DecayFraction is >= 0 and <= 1)) return $"{name}.decay_fraction is {DecayFraction}; expected 0 to 1";
        if (EvaluationUpdates < 1) return $"{name}.evaluation_updates is {EvaluationUpdates}; expected 1 or more";
        if (CheckpointUpdates < 1) return $"{name}.checkpoint_updates is {CheckpointUpdates}; expected 1 or more";
        if (!(PromptWeight >= 0) || !float.IsFinite(PromptWeight)) return $"{name}.prompt_weight is {PromptWeight}; expected 0 or more";
        if (!(SurpriseWeight > 0) || !float.IsFinite(SurpriseWeight)) return $"{name}.surprise_weight is {SurpriseWeight}; expected a positive number";
        if (!(TextShare is >= 0 and < 1)) return $"{name}.text_share is {TextShare}; expected 0 to less than 1";
        if (!(TextWeight > 0) || !float.IsFinite(TextWeight)) return $"{name}.text_weight is {TextWeight}; expected a positive number";
        return null;
    }
}
