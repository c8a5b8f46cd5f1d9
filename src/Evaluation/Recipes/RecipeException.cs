namespace Atlas.Evaluation.Recipes;

/// <summary>A recipe is wrong. The message is one line that says where and what was expected.</summary>
public sealed class RecipeException(string message) : Exception(message);
