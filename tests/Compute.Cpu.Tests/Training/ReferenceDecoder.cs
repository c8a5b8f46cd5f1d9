using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>The model's definition in double, position by position, without any optimization: what the fast one is compared with.</summary>
public sealed class ReferenceDecoder
{
    private readonly ModelConfig _config;
    private readonly double[] _frequencies;

    public ReferenceDecoder(ModelConfig config, MemoryWeights weights)
    {
        _config = config;
        _frequencies = config.Rope.InverseFrequencies(config.HeadDim);
        Tensors = weights.Names.ToDictionary(n => n, n => weights[n].Select(x => (double)x).ToArray());
    }

    public Dictionary<string, double[]> Tensors { get; }

    public double[] LogProbs(TokenBatch batch)
    {
        var result = new double[batch.Positions];
        int start = 0;
        int[] trunk = [];
        for (int sequence = 0; sequence < batch.Lengths.Length; sequence++)
        {
            int length = batch.Lengths[sequence];
            int[] own = batch.Tokens[start..(start + length)];
            int[] before = batch.Continues.Length > 0 && batch.Continues[sequence] ? trunk : [];
            if (before.Length == 0) trunk = own;
            var hidden = Hidden([.. before, .. own]);
            for (int i = 0; i < length; i++)
                if (batch.Targets[start + i] >= 0)
                    result[start + i] = LogProb(hidden[before.Length + i], batch.Targets[start + i]);
            start += length;
        }
        return result;
    }

    private double LogProb(double[] hidden, int target)
    {
        var logits = Multiply(_config.TiedEmbeddings ? DecoderTensors.Embedding : DecoderTensors.Head, null, hidden);
        double max = logits.Max();
        return logits[target] - max - Math.Log(logits.Sum(l => Math.Exp(l - max)));
    }

    private double[][] Hidden(ReadOnlySpan<int> tokens)
    {
        int hidden = _config.HiddenSize;
        var rows = new double[tokens.Length][];
        for (int i = 0; i < rows.Length; i++) rows[i] = Tensors[DecoderTensors.Embedding].AsSpan(tokens[i] * hidden, hidden).ToArray();
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            string Part(string part) => DecoderTensors.Layer(layer, part);
            var normed = rows.Select(r => Norm(r, Tensors[Part("input_layernorm.weight")])).ToArray();
            var q = normed.Select(r => Multiply(Part("self_attn.q_proj.weight"), Part("self_attn.q_proj.bias"), r)).ToArray();
            var k = normed.Select(r => Multiply(Part("self_attn.k_proj.weight"), Part("self_attn.k_proj.bias"), r)).ToArray();
            var v = normed.Select(r => Multiply(Part("self_attn.v_proj.weight"), Part("self_attn.v_proj.bias"), r)).ToArray();
            for (int i = 0; i < rows.Length; i++)
            {
                Turn(q[i], Part("self_attn.q_norm.weight"), i);
                Turn(k[i], Part("self_attn.k_norm.weight"), i);
            }
            for (int i = 0; i < rows.Length; i++)
            {
                var read = Attend(q[i], k, v, i, _config.Window(layer));
                Add(rows[i], Multiply(Part("self_attn.o_proj.weight"), Part("self_attn.o_proj.bias"), read));
                var middle = Norm(rows[i], Tensors[Part("post_attention_layernorm.weight")]);
                var gate = Multiply(Part("mlp.gate_proj.weight"), Part("mlp.gate_proj.bias"), middle);
                var up = Multiply(Part("mlp.up_proj.weight"), Part("mlp.up_proj.bias"), middle);
                var active = gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u).ToArray();
                Add(rows[i], Multiply(Part("mlp.down_proj.weight"), Part("mlp.down_proj.bias"), active));
            }
        }
        return [.. rows.Select(r => Norm(r, Tensors[DecoderTensors.FinalNorm]))];
    }

    private double[] Attend(double[] query, double[][] keys, double[][] values, int position, int window)
    {
        int dim = _config.HeadDim, group = _config.Heads / _config.KvHeads;
        int first = window == 0 ? 0 : Math.Max(0, position - window + 1);
        var result = new double[_config.QueryWidth];
        for (int head = 0; head < _config.Heads; head++)
        {
            int kv = head / group;
            var weights = new double[position + 1 - first];
            for (int j = first; j <= position; j++)
            {
                double dot = 0;
                for (int d = 0; d < dim; d++) dot += query[head * dim + d] * keys[j][kv * dim + d];
                weights[j - first] = Math.Exp(dot / Math.Sqrt(dim));
            }
            double sum = weights.Sum();
            for (int j = first; j <= position; j++)
                for (int d = 0; d < dim; d++)
                    result[head * dim + d] += weights[j - first] / sum * values[j][kv * dim + d];
        }
        return result;
    }

    private void Turn(double[] row, string norm, int position)
    {
        int dim = _config.HeadDim, half = dim / 2;
        for (int head = 0; head < row.Length / dim; head++)
        {
            var values = row.AsSpan(head * dim, dim);
            if (Tensors.TryGetValue(norm, out var weight)) Norm(values.ToArray(), weight).CopyTo(values);
            for (int i = 0; i < half; i++)
            {
                double angle = position * _frequencies[i], a = values[i], b = values[half + i];
                values[i] = a * Math.Cos(angle) - b * Math.Sin(angle);
                values[half + i] = b * Math.Cos(angle) + a * Math.Sin(angle);
            }
        }
    }

    private double[] Norm(double[] row, double[] weight)
    {
        double inverse = 1 / Math.Sqrt(row.Sum(x => x * x) / row.Length + _config.NormEpsilon);
        return [.. row.Zip(weight, (x, w) => x * inverse * w)];
    }

    private double[] Multiply(string weight, string? bias, double[] input)
    {
        var matrix = Tensors[weight];
        var result = new double[matrix.Length / input.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double sum = bias != null && Tensors.TryGetValue(bias, out var b) ? b[i] : 0;
            for (int j = 0; j < input.Length; j++) sum += matrix[i * input.Length + j] * input[j];
            result[i] = sum;
        }
        return result;
    }

    private static void Add(double[] row, double[] change)
    {
        for (int i = 0; i < row.Length; i++) row[i] += change[i];
    }
}
