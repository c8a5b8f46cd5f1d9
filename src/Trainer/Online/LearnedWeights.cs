using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Trainer.Online;

/// <summary>What a version of a learned speculator consists of, in host memory. Never changed once made.</summary>
/// <param name="Number">The version's number; 0 for what was shipped.</param>
/// <param name="Weights">The head's weights.</param>
/// <param name="HotVocabulary">Tokens it proposes among, ascending.</param>
/// <param name="ShadowScore">Acceptance length that it reached in the shadow test that let it be published; 0 where there was none.</param>
public sealed record LearnedWeights(long Number, IWeightSource Weights, int[] HotVocabulary, double ShadowScore = 0)
{
    /// <summary>A copy of a head's present weights.</summary>
    internal static LearnedWeights Of(ITrainableHead head, long number, double score)
    {
        var weights = new WeightsInMemory($"version {number}");
        head.ExportWeights(weights);
        return new LearnedWeights(number, weights, head.HotVocabulary.ToArray(), score);
    }

    /// <summary>Gives a head these weights and this hot vocabulary.</summary>
    internal void ApplyTo(ITrainableHead head)
    {
        head.ImportWeights(Weights);
        if (HotVocabulary.Length > 0) head.SetHotVocabulary(HotVocabulary);
    }
}
