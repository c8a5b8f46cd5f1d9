using Atlas.Compute.Cpu;
using Atlas.Conformance.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Engine.Tests.Models;

/// <summary>A tiny random target and a draft model that agrees with it more or less, on the embedded engine.</summary>
public sealed class TinyPair : IDisposable
{
    private readonly CpuEngine _engine = new(threads: 1);

    /// <param name="disagreement">0: the draft is the target; 0.3: most drafts are accepted; 3: hardly any.</param>
    /// <param name="model">A name of <see cref="TinyModels"/>.</param>
    /// <param name="vocabulary">Tokens; 0 takes the model's own number.</param>
    /// <param name="target">Sizes and format of the target.</param>
    /// <param name="draft">Sizes and format of the draft; null takes the target's.</param>
    /// <param name="context">Most tokens of a sequence; 0 takes the model's own number.</param>
    public TinyPair(
        double disagreement, DecoderOptions target, DecoderOptions? draft = null, string model = "llama", int vocabulary = 0, int context = 0)
    {
        var config = TinyModels.All[model] with { Layers = 1, LayerWindows = [] };
        if (vocabulary > 0) config = config with { VocabularySize = vocabulary };
        if (context > 0) config = config with { ContextLength = context };
        Target = _engine.LoadDecoder(config, Weights(config, 0), target);
        Draft = _engine.LoadDecoder(config, Weights(config, disagreement), draft ?? target);
    }

    public IDecoder Target { get; }

    public IDecoder Draft { get; }

    public int Vocabulary => Target.Config.VocabularySize;

    public void Dispose()
    {
        Target.Dispose();
        Draft.Dispose();
        _engine.Dispose();
    }

    // The same weights each time, the draft's with noise of its own on them.
    private static TestWeights Weights(ModelConfig config, double disagreement)
    {
        var weights = new TestWeights(config, 11);
        var random = new Random(12);
        foreach (var tensor in DecoderTensors.Expected(config))
        {
            if (tensor.Shape.Count != 2) continue;
            var values = weights.Values(tensor.Name);
            double spread = disagreement / Math.Sqrt(tensor.Shape[1]);
            for (int i = 0; i < values.Length; i++) values[i] += (float)(spread * (random.NextDouble() * 2 - 1));
        }
        return weights;
    }
}
