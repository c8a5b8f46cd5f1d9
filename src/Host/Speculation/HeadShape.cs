using Atlas.Host.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Host.Speculation;

/// <summary>The shape of the learned speculator's head for a target: in proportion to it, so that a drafted token stays near 2 % of a step.</summary>
internal static class HeadShape
{
    private const int MostIntermediate = 256;
    private const int MostHot = 1024;

    /// <summary>The shape for a target.</summary>
    /// <param name="target">The target's shape.</param>
    /// <param name="engine">Where it runs.</param>
    public static HeadConfig Of(ModelConfig target, IComputeEngine engine) => new()
    {
        IntermediateSize = Math.Clamp(target.HiddenSize / 2, 16, MostIntermediate),
        HotVocabularySize = Math.Clamp(target.VocabularySize / 4, Math.Min(64, target.VocabularySize), MostHot),
        // Of int8 the same drafts as of bf16 for three quarters of the time (docs/learned.md), where the engine has it.
        DraftFormat = Engines.LeastFormat(engine),
    };
}
