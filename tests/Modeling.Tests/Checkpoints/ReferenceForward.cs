using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>
/// The forward pass that a <see cref="ModelConfig"/> describes, in double precision and as plainly as can be: it shows that what the reader
/// makes of a checkpoint is what the checkpoint means.
/// </summary>
internal sealed class ReferenceForward(Checkpoint checkpoint)
{
    private readonly ModelConfig _config = checkpoint.Config;

    /// <summary>Logits after each token, [tokens][vocabulary].</summary>
    public double[][] Logits(int[] tokens)
    {
        float[] embedding = Tensor(DecoderTensors.Embedding);
        double[][] rows = [.. tokens.Select(t => Widen(embedding.AsSpan(t * _config.HiddenSize, _config.HiddenSize)))];
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            Attend(rows, layer);
            for (int i = 0; i < rows.Length; i++) FeedForward(rows[i], layer);
        }
        string head = _config.TiedEmbeddings ? "model.embed_tokens" : "lm_head";
        return [.. rows.Select(row => Linear(Norm(row, Tensor(DecoderTensors.FinalNorm)), head, bias: false))];
    }

    private void Attend(double[][] rows, int layer)
    {
        int width = _config.HeadDim, group = _config.Heads / _config.KvHeads;
        double[] frequencies = _config.Rope.InverseFrequencies(width);
        var queries = new double[rows.Length][];
        var keys = new double[rows.Length][];
        var values = new double[rows.Length][];
        for (int i = 0; i < rows.Length; i++)
        {
            double[] x = Norm(rows[i], Layer(layer, "input_layernorm.weight"));
            queries[i] = Heads(Linear(x, $"model.layers.{layer}.self_attn.q_proj", _config.QkvBias), layer, "q_norm", i, frequencies);
            keys[i] = Heads(Linear(x, $"model.layers.{layer}.self_attn.k_proj", _config.QkvBias), layer, "k_norm", i, frequencies);
            values[i] = Linear(x, $"model.layers.{layer}.self_attn.v_proj", _config.QkvBias);
        }
        for (int i = 0; i < rows.Length; i++)
        {
            int first = _config.Window(layer) == 0 ? 0 : Math.Max(0, i - _config.Window(layer) + 1);
            var mixed = new double[_config.QueryWidth];
            for (int h = 0; h < _config.Heads; h++)
            {
                int kv = h / group * width;
                double[] weights = [.. Enumerable.Range(first, i - first + 1).Select(
                    j => Math.Exp(Dot(queries[i].AsSpan(h * width, width), keys[j].AsSpan(kv, width)) / Math.Sqrt(width)))];
                for (int j = first; j <= i; j++)
                    for (int d = 0; d < width; d++) mixed[h * width + d] += weights[j - first] / weights.Sum() * values[j][kv + d];
            }
            Add(rows[i], Linear(mixed, $"model.layers.{layer}.self_attn.o_proj", _config.OutputBias));
        }
    }

    private double[] Heads(double[] projected, int layer, string norm, int position, double[] frequencies)
    {
        int width = _config.HeadDim, half = width / 2;
        for (int start = 0; start < projected.Length; start += width)
        {
            double[] head = projected[start..(start + width)];
            if (_config.QkNorm) head = Norm(head, Layer(layer, $"self_attn.{norm}.weight"));
            for (int d = 0; d < half; d++)
            {
                (double sin, double cos) = Math.SinCos(position * frequencies[d]);
                projected[start + d] = head[d] * cos - head[d + half] * sin;
                projected[start + d + half] = head[d + half] * cos + head[d] * sin;
            }
        }
        return projected;
    }

    private void FeedForward(double[] row, int layer)
    {
        double[] x = Norm(row, Layer(layer, "post_attention_layernorm.weight"));
        double[] gate = Linear(x, $"model.layers.{layer}.mlp.gate_proj", _config.MlpBias);
        double[] up = Linear(x, $"model.layers.{layer}.mlp.up_proj", _config.MlpBias);
        for (int i = 0; i < gate.Length; i++) gate[i] = gate[i] / (1 + Math.Exp(-gate[i])) * up[i];
        Add(row, Linear(gate, $"model.layers.{layer}.mlp.down_proj", _config.MlpBias));
    }

    private double[] Norm(double[] x, float[] weight)
    {
        double scale = 1 / Math.Sqrt(Dot(x, x) / x.Length + _config.NormEpsilon);
        return [.. x.Select((v, i) => v * scale * weight[i])];
    }

    private double[] Linear(double[] x, string name, bool bias)
    {
        float[] weight = Tensor($"{name}.weight");
        float[]? offset = bias ? Tensor($"{name}.bias") : null;
        var result = new double[weight.Length / x.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = Dot(Widen(weight.AsSpan(i * x.Length, x.Length)), x) + (offset is null ? 0 : offset[i]);
        return result;
    }

    private float[] Layer(int layer, string part) => Tensor(DecoderTensors.Layer(layer, part));

    private float[] Tensor(string name)
    {
        var values = new float[new TensorShape(name, checkpoint.Describe(name).Shape).Elements];
        checkpoint.Read(name, values);
        return values;
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = values[i];
        return wide;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double[] to, double[] values)
    {
        for (int i = 0; i < to.Length; i++) to[i] += values[i];
    }
}
