using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Tokenization.Training;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Trains one decoder on text files and writes it as a Hugging Face directory with weights in bf16 and the tokenizer. The last twentieth of
/// the tokens is held out.
/// </summary>
/// <param name="engine">Trains.</param>
/// <param name="recipe">What to make.</param>
/// <param name="output">The checkpoint directory to write.</param>
/// <param name="work">Where training checkpoints go.</param>
public sealed class TextTraining(IComputeEngine engine, TextRecipe recipe, string output, string work)
{
    /// <summary>Trains until the updates are made; returns where the run ended.</summary>
    /// <exception cref="RecipeException">A file is missing, the text is too short, or the shape is wrong.</exception>
    public PretrainingState Train(Action<PretrainingProgress>? progress, CancellationToken cancellation)
    {
        if (recipe.Model.ShapeFault("the model") is { } fault) throw new RecipeException(fault);
        var texts = recipe.Files.Select(ReadText).ToList();
        byte[] tokenizerJson = recipe.TokenizerPath is { } path ? ReadTokenizer(path) : Learn(texts);
        var tokenizer = Tokenizer.Parse(tokenizerJson, recipe.TokenizerPath ?? "tokenizer.json");
        int end = tokenizer.TokenToId(WorkloadDocuments.EndToken) ?? tokenizer.TokenToId("<|endoftext|>") ?? tokenizer.TokenToId("</s>")
            ?? throw new RecipeException($"{recipe.TokenizerPath} has no end token; expected {WorkloadDocuments.EndToken}, <|endoftext|> or </s>");
        int[] tokens = [.. texts.SelectMany(text => (int[])[.. tokenizer.Encode(text, addSpecialTokens: true), end])];
        var config = recipe.Model.ToConfig(tokenizer.VocabularySize, end);
        var (training, heldOut) = Split(tokens);
        TrainingIdentity.Claim(work, recipe.Seed, training, training.Count);
        using var run = PretrainingRun.Open(
            engine, new PretrainingModel(config, recipe.Seed), new PretrainingData(training, [new HeldOutSet("text", heldOut)]), recipe.Model.ToOptions(), work);
        var state = run.Run(progress, cancellation);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        CheckpointWriter.Write(output, config, run.Decoder.ExportWeights, WeightType.BF16);
        File.WriteAllBytes(Path.Combine(output, "tokenizer.json"), tokenizerJson);
        return state;
    }

    private (TextDocuments Training, TextDocuments HeldOut) Split(int[] tokens)
    {
        int length = recipe.Model.ContextLength;
        int heldOut = Math.Max(2, tokens.Length / 20);
        if (tokens.Length < heldOut + 2) throw new RecipeException($"the text has {tokens.Length} tokens; expected at least 4");
        return (new TextDocuments(tokens[..^heldOut], length, recipe.Seed), new TextDocuments(tokens[^heldOut..], length, recipe.Seed));
    }

    private byte[] Learn(IReadOnlyList<string> texts) => BpeTrainer.Train(texts, new BpeTrainerOptions
    {
        VocabularySize = recipe.VocabularySize,
        SpecialTokens = [WorkloadDocuments.EndToken],
        Style = TokenizerStyle.Qwen2,
    }).ToJson();

    private static string ReadText(string path) =>
        File.Exists(path) ? File.ReadAllText(path) : throw new RecipeException($"--text {path} does not exist; expected a text file");

    private static byte[] ReadTokenizer(string path) =>
        File.Exists(path) ? File.ReadAllBytes(path) : throw new RecipeException($"--tokenizer {path} does not exist; expected a tokenizer.json");
}
