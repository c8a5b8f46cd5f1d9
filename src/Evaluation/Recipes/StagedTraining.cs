using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>Trains a model from its first weights to its last: at once, or first as a smaller model, where the recipe says so.</summary>
/// <param name="engine">Trains.</param>
/// <param name="seed">Of all weights that are drawn.</param>
/// <param name="progress">Called after every update; may be null.</param>
/// <param name="cancellation">Ends the training between two updates, with a checkpoint.</param>
internal sealed class StagedTraining(
    IComputeEngine engine, ulong seed, Action<PretrainingProgress>? progress, CancellationToken cancellation)
{
    // Below the checkpoints of the whole model.
    private const string SmallerFolder = "smaller";

    /// <summary>Trains, or continues; returns the weights and, summed over the stages, what it took.</summary>
    /// <param name="model">How.</param>
    /// <param name="config">Shape of the whole model.</param>
    /// <param name="data">What it learns from; a later stage takes up where the earlier one ended.</param>
    /// <param name="checkpoints">Where checkpoints go.</param>
    public (WeightsInMemory Weights, PretrainingState State) Run(
        ModelRecipe model, ModelConfig config, PretrainingData data, string checkpoints)
    {
        if (model.Smaller() is not { } smaller) return Run(model, new PretrainingModel(config, seed, Start(model, config)), data, checkpoints);
        var smallerConfig = smaller.ToConfig(config.VocabularySize, config.EndTokens[0]);
        var (weights, before) = Run(smaller, smallerConfig, data, Path.Combine(checkpoints, SmallerFolder));
        var grown = new PretrainingModel(config, seed, Grow(weights, smallerConfig, model));
        var unseen = data with { Training = new LaterDocuments(data.Training, before.Cursor.Document) };
        var (final, state) = Run(model, grown, unseen, checkpoints);
        return (final, state with
        {
            Step = state.Step + before.Step,
            Tokens = state.Tokens + before.Tokens,
            ElapsedSeconds = state.ElapsedSeconds + before.ElapsedSeconds,
        });
    }

    private (WeightsInMemory Weights, PretrainingState State) Run(
        ModelRecipe model, PretrainingModel start, PretrainingData data, string checkpoints)
    {
        using var run = PretrainingRun.Open(engine, start, data, model.ToOptions(), checkpoints);
        var state = run.Run(progress, cancellation);
        var weights = new WeightsInMemory("trained weights");
        run.Decoder.ExportWeights(weights);
        return (weights, state);
    }

    private WeightsInMemory Grow(WeightsInMemory weights, ModelConfig from, ModelRecipe to)
    {
        int factor = to.Growth!.Narrower;
        if (factor == 1) return DepthGrowth.Grow(weights, from, to.Layers);
        return DepthGrowth.Grow(WidthGrowth.Grow(weights, from, factor, seed), WidthGrowth.Widen(from, factor), to.Layers);
    }

    private WeightsInMemory? Start(ModelRecipe model, ModelConfig config)
    {
        if (!model.InductionStart) return null;
        var weights = new WeightsInMemory("initial weights");
        using (var drawn = engine.CreateTrainableDecoder(config, null, seed)) drawn.ExportWeights(weights);
        InductionStart.Write(weights, config, seed);
        return weights;
    }
}
