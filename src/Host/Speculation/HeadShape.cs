using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Host.Speculation;

/// <summary>The shape of the learned speculator's head for a target: in proportion to it, so that a drafted token stays near 2 % of a step.</summary>
internal static class HeadShape
{
    private const int MostIntermediate = 256;
    private const int MostHot = 1024;

    public static HeadConfig Of(ModelConfig target) => new()
    {
        IntermediateSize = Math.Clamp(target.HiddenSize / 2, 16, MostIntermediate),
        HotVocabularySize = Math.Clamp(target.VocabularySize / 4, Math.Min(64, target.VocabularySize), MostHot),
        // The same drafts as in bf16 for three quarters of the time (docs/learned.md).
        DraftFormat = WeightFormat.Int8,
    };
}
