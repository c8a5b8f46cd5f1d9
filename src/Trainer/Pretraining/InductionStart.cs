using Atlas.Core.Sampling;
using Atlas.Modeling;

namespace Atlas.Trainer.Pretraining;

/// <summary>
/// Weights to begin a training from that can copy: the first two blocks are set up as induction heads (Olsson et al. 2022, "In-context
/// learning and induction heads"), all else stays as it was drawn. From random weights such heads form late, after more tokens than a short
/// run has; set up beforehand, every update improves them. That attention may start from what trained models come to rather than from noise
/// is the idea of mimetic initialization (Trockman and Kolter, arXiv 2305.09828).
/// <para>
/// The residual stream is divided: the first half holds a token's own random code, a quarter the code of the token before it, an eighth that
/// of the second before, and the last eighth a constant. Heads of block 0 attend by position alone (the constant, turned by the rotary
/// embedding) to the first and second token before and write their codes. Heads of block 1 look for positions whose preceding code (half of
/// the heads: preceding two codes) is that of the current token, in pairs of dimensions that hardly turn over the context, and write the code
/// of the token found there, in the coordinates in which the output rows carry the same code.
/// </para>
/// </summary>
public static class InductionStart
{
    private const double Deviation = 0.02;

    // Scores before the softmax: how much the position sought stands out per pair of dimensions, and the token sought over all.
    private const double PositionScore = 5, MatchScore = 9;

    // Pairs of dimensions that turn faster than this many radians per token tell positions apart.
    private const double PositionFrequency = 0.02;

    // Length of what is copied in the residual stream, in lengths of a token's code.
    private const double CopyLength = 1.9;

    /// <summary>What hinders a model of this shape to start so, in one phrase; null when it can.</summary>
    public static string? Hindrance(ModelConfig config)
    {
        if (config.TiedEmbeddings) return "tied_embeddings is true; expected false";
        if (config.Layers < 2) return $"layers is {config.Layers}; expected 2 or more";
        if (config.HiddenSize % (8 * config.KvHeads) != 0)
            return $"hidden_size is {config.HiddenSize}; expected a multiple of 8 x the {config.KvHeads} key/value heads";
        return new InductionLayout(config).MatchWidth < 8 ? "fewer than 8 dimensions of a head hardly turn; expected a larger rope_theta" : null;
    }

    /// <summary>Overwrites embedding, output rows and the attention of the first two blocks.</summary>
    /// <param name="weights">All weights of the model as drawn.</param>
    /// <param name="config">Its shape, without <see cref="Hindrance"/>.</param>
    /// <param name="seed">Chooses the permutation between a token's code and its output row.</param>
    /// <exception cref="ArgumentException">The shape cannot start so.</exception>
    public static void Write(WeightsInMemory weights, ModelConfig config, ulong seed)
    {
        if (Hindrance(config) is { } hindrance) throw new ArgumentException(hindrance, nameof(config));
        var layout = new InductionLayout(config);
        var output = CodeCoordinates(layout, seed);
        WriteTokens(weights, layout, output);
        WritePreviousHeads(weights, layout);
        WriteMatchingHeads(weights, layout, output);
    }

    // Length of the whole of a token's code.
    private static double CodeLength(InductionLayout layout) => Deviation * Math.Sqrt(layout.Config.HiddenSize);

    // Where the output rows carry each coordinate of a code, and with which sign.
    private static (int At, float Sign)[] CodeCoordinates(InductionLayout layout, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, layout.Code).OrderBy(i => CounterRandom.Uniform(seed, i, 11))];
        return [.. Enumerable.Range(0, layout.Code).Select(i => (layout.Code + order[i], CounterRandom.Uniform(seed, i, 12) < 0.5 ? -1f : 1f))];
    }

    private static void WriteTokens(WeightsInMemory weights, InductionLayout layout, (int At, float Sign)[] output)
    {
        int hidden = layout.Config.HiddenSize;
        var embedding = new WeightMatrix(weights, DecoderTensors.Embedding);
        var head = new WeightMatrix(weights, DecoderTensors.Head);
        float constant = (float)(CodeLength(layout) / Math.Sqrt(hidden - layout.Constant));
        for (int token = 0; token < embedding.Rows; token++)
        {
            var row = embedding.Row(token);
            for (int i = 0; i < layout.Code; i++) row[i] *= MathF.Sqrt(2);
            for (int i = layout.Code; i < layout.Constant; i++) row[i] *= 0.1f;
            for (int i = layout.Constant; i < hidden; i++) row[i] = row[i] * 0.1f + constant;
            var target = head.Row(token);
            for (int i = 0; i < layout.Code; i++)
            {
                target[i] *= 0.25f;
                target[output[i].At] = output[i].Sign * row[i];
            }
        }
        embedding.Store();
        head.Store();
    }

    private static void WritePreviousHeads(WeightsInMemory weights, InductionLayout layout)
    {
        var (config, attention) = (layout.Config, new AttentionMatrices(weights, 0));
        // After the norm, code and constant are of equal length and make up the whole.
        double unit = Math.Sqrt(config.HiddenSize / 2.0);
        double amplitude = Math.Sqrt(PositionScore * Math.Sqrt(config.HeadDim)) / unit / Math.Sqrt(config.HiddenSize - layout.Constant);
        double gain = Math.Sqrt(CodeLength(layout) * Math.Sqrt(2) / unit);
        int pairs = layout.Frequencies.Length;
        for (int kv = 0; kv < config.KvHeads; kv++)
        {
            attention.Clear(config, kv, Math.Min(2, layout.GroupSize));
            for (int pair = 0; pair < pairs && layout.Frequencies[pair] >= PositionFrequency; pair++)
            {
                attention.Key.Row(kv * config.HeadDim + pair)[layout.Constant..].Fill((float)amplitude);
                for (int member = 0; member < Math.Min(2, layout.GroupSize); member++)
                {
                    int head = kv * layout.GroupSize + member;
                    var (sine, cosine) = Math.SinCos((member + 1) * layout.Frequencies[pair]);
                    attention.Query.Row(head * config.HeadDim + pair)[layout.Constant..].Fill((float)(amplitude * cosine));
                    attention.Query.Row(head * config.HeadDim + pairs + pair)[layout.Constant..].Fill((float)(-amplitude * sine));
                }
            }
            for (int i = 0; i < layout.CodeWidth; i++) attention.Value.Row(kv * config.HeadDim + i)[kv * layout.CodeWidth + i] = (float)gain;
            for (int i = 0; i < layout.PreviousWidth; i++)
                attention.Output.Row(layout.Previous + kv * layout.PreviousWidth + i)[kv * layout.GroupSize * config.HeadDim + i] = (float)gain;
            for (int i = 0; i < layout.EarlierWidth; i++)
                attention.Output.Row(layout.Earlier + kv * layout.EarlierWidth + i)[(kv * layout.GroupSize + 1) * config.HeadDim + i] = (float)gain;
        }
        attention.Store();
    }

    private static void WriteMatchingHeads(WeightsInMemory weights, InductionLayout layout, (int At, float Sign)[] output)
    {
        var (config, attention) = (layout.Config, new AttentionMatrices(weights, 1));
        // Lengths in the residual stream: code 1, constant 1, code before 1, second before about 0.7; after the norm they share root of hidden.
        double unit = Math.Sqrt(config.HiddenSize / 3.5);
        double copy = Math.Sqrt(CopyLength * CodeLength(layout) / unit);
        for (int kv = 0; kv < config.KvHeads; kv++)
        {
            attention.Clear(config, kv, 1);
            int both = kv >= config.KvHeads / 2 ? Math.Min(layout.EarlierWidth, layout.MatchWidth / 2) : 0;
            int one = Math.Min(layout.PreviousWidth, layout.MatchWidth - both);
            double matched = unit * unit * Math.Sqrt(2) * (one + both) / layout.Code;
            float gain = (float)Math.Sqrt(MatchScore * Math.Sqrt(config.HeadDim) / matched);
            int head = kv * layout.GroupSize;
            for (int i = 0; i < one; i++)
            {
                int dimension = layout.MatchDimension(i);
                attention.Key.Row(kv * config.HeadDim + dimension)[layout.Previous + kv * layout.PreviousWidth + i] = gain;
                attention.Query.Row(head * config.HeadDim + dimension)[kv * layout.CodeWidth + i] = gain;
            }
            for (int i = 0; i < both; i++)
            {
                int dimension = layout.MatchDimension(one + i);
                attention.Key.Row(kv * config.HeadDim + dimension)[layout.Earlier + kv * layout.EarlierWidth + i] = gain;
                attention.Query.Row(head * config.HeadDim + dimension)[layout.Previous + kv * layout.PreviousWidth + i] = gain;
            }
            for (int i = 0; i < layout.CodeWidth; i++)
            {
                int code = kv * layout.CodeWidth + i;
                attention.Value.Row(kv * config.HeadDim + i)[code] = (float)copy;
                attention.Output.Row(output[code].At)[head * config.HeadDim + i] = (float)copy * output[code].Sign;
            }
        }
        attention.Store();
    }
}
