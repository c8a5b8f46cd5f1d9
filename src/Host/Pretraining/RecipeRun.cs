using System.Diagnostics;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Text;
using Atlas.Modeling.Engine;
using Atlas.Trainer.Online;

namespace Atlas.Host.Pretraining;

/// <summary>Makes a pair from a recipe, with progress.</summary>
internal static class RecipeRun
{
    public static void Run(IComputeEngine engine, Request request, PretrainReport report, CancellationToken cancellation)
    {
        var recipe = PairRecipe.Read(request.Recipe);
        var corpus = recipe.Corpus is { } path ? ReadCorpus(path, recipe.Seed) : null;
        var training = new PairTraining(engine, recipe, corpus, request.Output, request.Checkpoints);
        var tokenizer = training.TrainTokenizer();
        PretrainReport.Line($"tokenizer: {tokenizer.VocabularySize} tokens");
        foreach (string name in (string[])["target", "draft"])
        {
            if (request.Only is not null && request.Only != name) continue;
            using var bar = report.Begin(name);
            var state = training.TrainModel(tokenizer, name == "draft", bar.Show, cancellation);
            bar.End(state, Path.Combine(request.Output, name));
        }
        if (recipe.Head is { } head && request.Only is null or "head") TrainHead(engine, head, recipe.Seed, request, cancellation);
        if (corpus is not null) CorpusProvenance.Write(request.Output, corpus);
    }

    private static void TrainHead(IComputeEngine engine, HeadRecipe recipe, ulong seed, Request request, CancellationToken cancellation)
    {
        string directory = Path.Combine(request.Output, "target");
        var started = Stopwatch.StartNew();
        var published = new HeadTraining(engine, recipe, seed).Run(
            directory,
            (emitted, trainer) => PretrainReport.Line(
                $"head {emitted} of {recipe.Tokens} tokens, {trainer.Published} versions, acceptance length {trainer.Namespaces.Sum(n => n.PublishedScore):F3}, {started.Elapsed.TotalSeconds:F0} s"),
            cancellation);
        PretrainReport.Line($"head: acceptance length {published.ShadowScore:F3} on held-out completions, written to {Path.Combine(directory, HeadFile.FileName)}");
    }

    private static Corpus ReadCorpus(string recipe, ulong seed)
    {
        var corpus = new CorpusReader(new DebianPackages(), CorpusRecipe.Read(recipe), seed).Read();
        foreach (var p in corpus.Packages)
            PretrainReport.Line($"text: {p.Package} {p.Version} ({string.Join(", ", p.Licences)}), {p.Files} files, {p.Bytes} bytes");
        return corpus;
    }

    /// <summary>What is to be made.</summary>
    /// <param name="Recipe">Path of the recipe.</param>
    /// <param name="Only"><c>target</c>, <c>draft</c> or <c>head</c>; null for all.</param>
    /// <param name="Output">Where the models go.</param>
    /// <param name="Checkpoints">Where training checkpoints go.</param>
    internal sealed record Request(string Recipe, string? Only, string Output, string Checkpoints);
}
