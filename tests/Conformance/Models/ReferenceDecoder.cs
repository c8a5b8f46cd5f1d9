using Atlas.Modeling;

namespace Atlas.Conformance.Models;

/// <summary>
/// The transformer written down plainly in double precision, without cache or tricks: what engines are compared with. Computes a whole
/// sequence at once.
/// </summary>
/// <param name="config">Its shape.</param>
/// <param name="source">Its weights.</param>
/// <param name="bf16Cache">Whether keys and values are rounded to bfloat16.</param>
public sealed class ReferenceDecoder(ModelConfig config, IWeightSource source, bool bf16Cache = false)
{
    private readonly Dictionary<string, double[]> _tensors =
        DecoderTensors.Expected(config).ToDictionary(t => t.Name, t => Widen(source, t));

    /// <summary>Hidden states after the final norm and logits of every position.</summary>
    public (double[][] Hidden, double[][] Logits) Run(ReadOnlySpan<int> tokens)
    {
        var x = new double[tokens.Length][];
        for (int i = 0; i < x.Length; i++)
            x[i] = _tensors[DecoderTensors.Embedding].AsSpan(tokens[i] * config.HiddenSize, config.HiddenSize).ToArray();
        for (int layer = 0; layer < config.Layers; layer++)
        {
            Attention(x, layer);
            foreach (double[] row in x) FeedForward(row, layer);
        }
        var hidden = Array.ConvertAll(x, row => Norm(row, _tensors[DecoderTensors.FinalNorm]));
        var head = _tensors[config.TiedEmbeddings ? DecoderTensors.Embedding : DecoderTensors.Head];
        return (hidden, Array.ConvertAll(hidden, row => Multiply(head, null, row)));
    }

    private static double[] Widen(IWeightSource source, TensorShape tensor)
    {
        var values = new float[tensor.Elements];
        source.Read(tensor.Name, values);
        return Array.ConvertAll(values, v => (double)v);
    }

    private void Attention(double[][] x, int layer)
    {
        int d = config.HeadDim, group = config.Heads / config.KvHeads, window = config.Window(layer);
        var frequencies = config.Rope.InverseFrequencies(d);
        double[][] q = new double[x.Length][], k = new double[x.Length][], v = new double[x.Length][];
        for (int i = 0; i < x.Length; i++)
        {
            var normed = Norm(x[i], Tensor(layer, "input_layernorm.weight"));
            q[i] = Project(layer, "self_attn.q_proj", config.QkvBias, normed);
            k[i] = Project(layer, "self_attn.k_proj", config.QkvBias, normed);
            v[i] = Project(layer, "self_attn.v_proj", config.QkvBias, normed);
            for (int h = 0; h < config.Heads; h++) Turn(q[i], h, i, frequencies, layer, "self_attn.q_norm.weight");
            for (int h = 0; h < config.KvHeads; h++) Turn(k[i], h, i, frequencies, layer, "self_attn.k_norm.weight");
            if (!bf16Cache) continue;
            k[i] = Array.ConvertAll(k[i], RoundToBf16);
            v[i] = Array.ConvertAll(v[i], RoundToBf16);
        }
        for (int i = 0; i < x.Length; i++)
        {
            var attended = new double[config.QueryWidth];
            int from = window == 0 ? 0 : Math.Max(0, i - window + 1);
            for (int h = 0; h < config.Heads; h++)
            {
                int kv = h / group;
                var scores = new double[i - from + 1];
                for (int j = from; j <= i; j++)
                    for (int e = 0; e < d; e++)
                        scores[j - from] += q[i][h * d + e] * k[j][kv * d + e] / Math.Sqrt(d);
                double max = scores.Max(), sum = scores.Sum(s => Math.Exp(s - max));
                for (int j = from; j <= i; j++)
                    for (int e = 0; e < d; e++)
                        attended[h * d + e] += Math.Exp(scores[j - from] - max) / sum * v[j][kv * d + e];
            }
            Add(x[i], Project(layer, "self_attn.o_proj", config.OutputBias, attended));
        }
    }

    private static double RoundToBf16(double value)
    {
        uint bits = BitConverter.SingleToUInt32Bits((float)value);
        return BitConverter.UInt32BitsToSingle(bits + 0x7fff + (bits >> 16 & 1) & 0xffff0000);
    }

    private void Turn(double[] row, int head, int position, double[] frequencies, int layer, string norm)
    {
        int d = config.HeadDim, half = d / 2;
        var values = row.AsSpan(head * d, d);
        if (config.QkNorm) Norm(values.ToArray(), Tensor(layer, norm)).CopyTo(values);
        for (int i = 0; i < half; i++)
        {
            var (sine, cosine) = Math.SinCos(position * frequencies[i]);
            double a = values[i], b = values[i + half];
            values[i] = a * cosine - b * sine;
            values[i + half] = b * cosine + a * sine;
        }
    }

    private void FeedForward(double[] x, int layer)
    {
        var normed = Norm(x, Tensor(layer, "post_attention_layernorm.weight"));
        var gate = Project(layer, "mlp.gate_proj", config.MlpBias, normed);
        var up = Project(layer, "mlp.up_proj", config.MlpBias, normed);
        for (int i = 0; i < gate.Length; i++) gate[i] = gate[i] / (1 + Math.Exp(-gate[i])) * up[i];
        Add(x, Project(layer, "mlp.down_proj", config.MlpBias, gate));
    }

    private double[] Tensor(int layer, string part) => _tensors[DecoderTensors.Layer(layer, part)];

    private double[] Project(int layer, string part, bool bias, double[] x) =>
        Multiply(Tensor(layer, part + ".weight"), bias ? Tensor(layer, part + ".bias") : null, x);

    private double[] Norm(double[] x, double[] weight)
    {
        double scale = 1 / Math.Sqrt(x.Sum(v => v * v) / x.Length + config.NormEpsilon);
        return x.Zip(weight, (v, w) => v * scale * w).ToArray();
    }

    private static double[] Multiply(double[] matrix, double[]? bias, double[] x)
    {
        var y = new double[matrix.Length / x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            double sum = bias is null ? 0 : bias[i];
            for (int k = 0; k < x.Length; k++) sum += matrix[i * x.Length + k] * x[k];
            y[i] = sum;
        }
        return y;
    }

    private static void Add(double[] x, double[] y)
    {
        for (int i = 0; i < x.Length; i++) x[i] += y[i];
    }
}
