using Atlas.Modeling;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>Shape and training of one model of a pair.</summary>
public sealed record ModelRecipe
{
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

    /// <summary>Domains it is trained on, in equal shares of documents.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Optimizer updates.</summary>
    public required int Updates { get; init; }

    /// <summary>Tokens per update.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Highest learning rate.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Updates over which the learning rate rises.</summary>
    public int WarmUpUpdates { get; init; } = 100;

    /// <summary>Weight of a prompt token's loss; that of a completion token is 1.</summary>
    public float PromptWeight { get; init; } = 0.2f;

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
        TiedEmbeddings = true,
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
        WarmupSteps = WarmUpUpdates,
        EvaluationInterval = 250,
        EvaluationDocuments = 128,
    };

    /// <summary>One line that says what is wrong, or null; <paramref name="name"/> is the recipe's key.</summary>
    internal string? Fault(string name) => ShapeFault(name) ?? DomainNames.Fault($"{name}.domains", Domains);

    /// <summary>The same without the domains.</summary>
    internal string? ShapeFault(string name)
    {
        if (HiddenSize < 8 || Heads < 1 || HiddenSize % (2 * Heads) != 0)
            return $"{name}.hidden_size is {HiddenSize}; expected a multiple of twice the {Heads} heads";
        if (KvHeads < 1 || Heads % KvHeads != 0) return $"{name}.kv_heads is {KvHeads}; expected a divisor of the {Heads} heads";
        if (IntermediateSize < 1 || Layers < 1 || ContextLength < 16)
            return $"{name} has intermediate_size {IntermediateSize}, layers {Layers}, context_length {ContextLength}; expected positive sizes, context 16 or more";
        if (Updates < 1 || BatchTokens < ContextLength)
            return $"{name} has updates {Updates}, batch_tokens {BatchTokens}; expected at least 1 and at least context_length";
        if (!(LearningRate > 0) || WarmUpUpdates < 0 || !(PromptWeight >= 0))
            return $"{name} has learning_rate {LearningRate}, warm_up_updates {WarmUpUpdates}, prompt_weight {PromptWeight}; expected positive numbers";
        return null;
    }
}
