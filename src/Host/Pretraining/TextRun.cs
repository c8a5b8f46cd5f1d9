using Atlas.Evaluation.Recipes;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Pretraining;

/// <summary>Trains one decoder on text files, with progress.</summary>
internal static class TextRun
{
    public static void Run(
        IComputeEngine engine, TextRecipe recipe, string output, string checkpoints, PretrainReport report, CancellationToken cancellation)
    {
        var training = new TextTraining(engine, recipe, output, checkpoints);
        using var bar = report.Begin(Path.GetFileName(output));
        var state = training.Train(bar.Show, cancellation);
        bar.End(state, output);
    }
}
