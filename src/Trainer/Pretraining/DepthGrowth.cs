using System.Globalization;
using Atlas.Modeling;

namespace Atlas.Trainer.Pretraining;

/// <summary>
/// Makes a deeper model out of a trained shallow one that computes the same, to train on: a token costs a shallow model a fraction of the
/// arithmetic, so a run that grows sees more text (Du et al., "Stacking Your Transformers", arXiv 2405.15319). The old blocks are spread over
/// the new depth; every new block is a copy of the old one below it whose output projections are 0, so that it adds nothing until it has
/// learned to (lossless expansion, Wang et al., arXiv 2310.07999).
/// </summary>
public static class DepthGrowth
{
    private static readonly string[] OutputProjections = ["self_attn.o_proj.", "mlp.down_proj."];

    /// <summary>The weights of the deeper model.</summary>
    /// <param name="weights">All weights of the shallow model.</param>
    /// <param name="config">Its shape.</param>
    /// <param name="layers">Blocks of the deeper model; at least as many.</param>
    public static WeightsInMemory Grow(IWeightSource weights, ModelConfig config, int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, config.Layers);
        var grown = new WeightsInMemory("grown weights");
        foreach (var tensor in DecoderTensors.Expected(config with { Layers = layers }))
        {
            var (source, isNew) = Origin(tensor.Name, config.Layers, layers);
            var values = new float[tensor.Elements];
            if (!isNew || !OutputProjections.Any(part => tensor.Name.Contains(part, StringComparison.Ordinal))) weights.Read(source, values);
            grown.Write(tensor.Name, [.. tensor.Shape], values);
        }
        return grown;
    }

    // The tensor of the shallow model that a tensor of the deep one comes from, and whether its block is new.
    private static (string Name, bool IsNew) Origin(string name, int from, int to)
    {
        string prefix = DecoderTensors.Layer(0, "")[..^2];
        if (!name.StartsWith(prefix, StringComparison.Ordinal)) return (name, false);
        int end = name.IndexOf('.', prefix.Length);
        int layer = int.Parse(name.AsSpan(prefix.Length, end - prefix.Length), CultureInfo.InvariantCulture);
        int old = OldBelow(layer, from, to);
        return (DecoderTensors.Layer(old, name[(end + 1)..]), Place(old, from, to) != layer);
    }

    private static int OldBelow(int layer, int from, int to)
    {
        int old = from - 1;
        while (Place(old, from, to) > layer) old--;
        return old;
    }

    private static int Place(int old, int from, int to) => (int)((long)old * to / from);
}
