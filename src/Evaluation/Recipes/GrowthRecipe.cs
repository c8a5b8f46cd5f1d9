using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>The first part of a training, with a smaller model: see <see cref="DepthGrowth"/> and <see cref="WidthGrowth"/>.</summary>
public sealed record GrowthRecipe
{
    /// <summary>Blocks that the model begins with.</summary>
    public required int Layers { get; init; }

    /// <summary>
    /// By what its width, feed-forward width and numbers of heads are divided at first; a divisor of all of them, 1 for the whole width.
    /// </summary>
    public int Narrower { get; init; } = 1;

    /// <summary>Optimizer updates with these, before those of the whole model.</summary>
    public required int Updates { get; init; }

    /// <summary>Tokens per update of this part; null for the model's.</summary>
    public int? BatchTokens { get; init; }

    /// <summary>Highest learning rate of this part; null for the model's.</summary>
    public float? LearningRate { get; init; }

    /// <summary>Last part of these updates over which the rate falls to 0, see <see cref="ModelRecipe.DecayFraction"/>; null where it stands.</summary>
    public double? DecayFraction { get; init; }

    /// <summary>Where above 0, Muon moves the matrices of the blocks in this part; null for what the model does.</summary>
    public double? MuonMomentum { get; init; }

    /// <summary>One line that says what is wrong, or null; <paramref name="name"/> is the recipe's key.</summary>
    internal string? Fault(string name, ModelRecipe model)
    {
        if (Layers < 1 || Layers > model.Layers) return $"{name}.layers is {Layers}; expected 1 to the model's {model.Layers}";
        if (Updates < 1) return $"{name}.updates is {Updates}; expected 1 or more";
        int[] divided = [model.HiddenSize, model.IntermediateSize, model.Heads, model.KvHeads];
        if (Narrower < 1 || divided.Any(size => size % Narrower != 0))
            return $"{name}.narrower is {Narrower}; expected a divisor of hidden_size, intermediate_size, heads and kv_heads";
        return Narrower > 1 && model.TiedEmbeddings ? $"{name}.narrower is {Narrower}; expected 1 as tied_embeddings is true" : null;
    }
}
