using Atlas.Core.Sampling;
using Atlas.Modeling;

namespace Atlas.Trainer.Pretraining;

/// <summary>
/// Makes a wider model out of a trained narrow one that computes the same, to train on (Net2Net, arXiv 1511.05641; for transformers bert2BERT,
/// arXiv 2110.07143, and LEMON, arXiv 2310.07999). Residual stream, heads and feed-forward units are repeated a whole number of times, which
/// RMS norms do not notice; where a matrix reads what is now there several times, its weights are divided among the copies, in random parts so
/// that the copies learn to differ. Exact but for rounding.
/// </summary>
public static class WidthGrowth
{
    // How unevenly weights are divided among copies: parts lie within 1 plus or minus this of an even one, before they are made to sum to 1.
    private const double Unevenness = 0.5;

    /// <summary>The shape of the wider model.</summary>
    /// <param name="config">The narrow model's.</param>
    /// <param name="factor">How many times as wide.</param>
    public static ModelConfig Widen(ModelConfig config, int factor) => config with
    {
        HiddenSize = config.HiddenSize * factor,
        IntermediateSize = config.IntermediateSize * factor,
        Heads = config.Heads * factor,
        KvHeads = config.KvHeads * factor,
    };

    /// <summary>The weights of the wider model.</summary>
    /// <param name="weights">All weights of the narrow model.</param>
    /// <param name="config">Its shape, with an output head of its own.</param>
    /// <param name="factor">How many times as wide; at least 1.</param>
    /// <param name="seed">Chooses how weights are divided among copies.</param>
    /// <exception cref="ArgumentException">The model's output rows are those of its embedding, which cannot both repeat and divide.</exception>
    public static WeightsInMemory Grow(IWeightSource weights, ModelConfig config, int factor, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (config.TiedEmbeddings) throw new ArgumentException("embedding and output rows are tied; expected two tensors", nameof(config));
        var grown = new WeightsInMemory("grown weights");
        ulong stream = 0;
        foreach (var tensor in DecoderTensors.Expected(config)) Repeat(weights, grown, tensor, factor, seed + stream++);
        return grown;
    }

    private static void Repeat(IWeightSource weights, WeightsInMemory grown, TensorShape tensor, int factor, ulong seed)
    {
        var narrow = new float[tensor.Elements];
        weights.Read(tensor.Name, narrow);
        bool isMatrix = tensor.Shape.Count > 1;
        // Rows of tokens, and norms over the dimensions of one head, stay as many as they are.
        bool keepsRows = tensor.Name is DecoderTensors.Embedding or DecoderTensors.Head || tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal);
        int rows = tensor.Shape[0], columns = isMatrix ? tensor.Shape[1] : 1;
        int wideRows = keepsRows ? rows : rows * factor, copies = isMatrix ? factor : 1;
        var wide = new float[wideRows * columns * copies];
        var parts = new double[copies];
        Array.Fill(parts, 1);
        for (int row = 0; row < wideRows; row++)
            for (int column = 0; column < columns; column++)
            {
                // What reads repeated values shares its weight among them; what is read is repeated.
                if (isMatrix && tensor.Name != DecoderTensors.Embedding) Divide(parts, seed, (long)row * columns + column);
                for (int copy = 0; copy < copies; copy++)
                    wide[(row * copies + copy) * columns + column] = (float)(parts[copy] * narrow[row % rows * columns + column]);
            }
        grown.Write(tensor.Name, isMatrix ? [wideRows, columns * copies] : [wideRows], wide);
    }

    // Random positive parts that sum to 1.
    private static void Divide(Span<double> parts, ulong seed, long position)
    {
        double sum = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = 1 + Unevenness * (2 * CounterRandom.Uniform(seed, position, i) - 1);
            sum += parts[i];
        }
        foreach (ref double part in parts) part /= sum;
    }
}
