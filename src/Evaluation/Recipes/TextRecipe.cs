namespace Atlas.Evaluation.Recipes;

/// <summary>One decoder trained on text files.</summary>
/// <param name="Files">UTF-8 files, read whole and joined.</param>
/// <param name="TokenizerPath">A <c>tokenizer.json</c>; null learns a vocabulary from the files.</param>
/// <param name="VocabularySize">Tokens of a learned vocabulary.</param>
/// <param name="Model">Shape and training; its domains are not read.</param>
/// <param name="Seed">Keys all random choices.</param>
public sealed record TextRecipe(
    IReadOnlyList<string> Files, string? TokenizerPath, int VocabularySize, ModelRecipe Model, ulong Seed);
