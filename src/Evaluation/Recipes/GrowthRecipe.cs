namespace Atlas.Evaluation.Recipes;

/// <summary>The first part of a training, with fewer layers; see <see cref="Trainer.Pretraining.DepthGrowth"/>.</summary>
public sealed record GrowthRecipe
{
    /// <summary>Blocks that the model begins with.</summary>
    public required int Layers { get; init; }

    /// <summary>Optimizer updates with these, before those of the whole model.</summary>
    public required int Updates { get; init; }

    /// <summary>One line that says what is wrong, or null; <paramref name="name"/> is the recipe's key.</summary>
    internal string? Fault(string name, int layers)
    {
        if (Layers < 1 || Layers > layers) return $"{name}.layers is {Layers}; expected 1 to the model's {layers}";
        if (Updates < 1) return $"{name}.updates is {Updates}; expected 1 or more";
        return null;
    }
}
