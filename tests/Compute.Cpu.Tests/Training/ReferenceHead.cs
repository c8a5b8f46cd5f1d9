using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>The head's definition in double: loss of examples whose first states are given.</summary>
public sealed class ReferenceHead(ModelConfig target, MemoryWeights targetWeights, MemoryWeights weights)
{
    private readonly float[] _embedding = targetWeights[DecoderTensors.Embedding];
    private readonly float[] _output = targetWeights[target.TiedEmbeddings ? DecoderTensors.Embedding : DecoderTensors.Head];

    public Dictionary<string, double[]> Tensors { get; } = weights.Names.ToDictionary(n => n, n => weights[n].Select(x => (double)x).ToArray());

    public double Loss(IReadOnlyList<HeadExample> examples, IReadOnlyList<double[]> states, int[] hot)
    {
        double sum = 0;
        int taught = 0;
        for (int e = 0; e < examples.Count; e++)
        {
            var example = examples[e];
            int k = example.TopTokens.Length / example.Tokens.Length;
            double[] state = states[e];
            for (int t = 0; t < example.Tokens.Length; t++)
            {
                state = Advance(state, example.Tokens[t]);
                var logProbs = LogProbs(state, hot);
                bool any = false;
                for (int i = t * k; i < (t + 1) * k; i++)
                {
                    int index = Array.IndexOf(hot, example.TopTokens[i]);
                    if (index < 0) continue;
                    any = true;
                    sum -= example.TopProbabilities[i] * logProbs[index];
                }
                if (any) taught++;
            }
        }
        return taught == 0 ? 0 : sum / taught;
    }

    public double[] Advance(double[] state, int token)
    {
        int hidden = target.HiddenSize;
        var embedding = _embedding.AsSpan(token * hidden, hidden).ToArray().Select(x => (double)x).ToArray();
        double[] joined = [.. Norm(state, "state_norm.weight"), .. Norm(embedding, "token_norm.weight")];
        var active = Multiply("gate_proj.weight", joined).Zip(Multiply("up_proj.weight", joined), (g, u) => g / (1 + Math.Exp(-g)) * u).ToArray();
        return Norm([.. state.Zip(Multiply("down_proj.weight", active), (s, d) => s + d)], "norm.weight");
    }

    public double[] LogProbs(double[] state, int[] hot)
    {
        int hidden = target.HiddenSize;
        var logits = hot.Select(token => state.Select((s, i) => s * _output[token * hidden + i]).Sum()).ToArray();
        double max = logits.Max(), sum = Math.Log(logits.Sum(l => Math.Exp(l - max)));
        return [.. logits.Select(l => l - max - sum)];
    }

    private double[] Norm(double[] row, string weight)
    {
        double inverse = 1 / Math.Sqrt(row.Sum(x => x * x) / row.Length + target.NormEpsilon);
        return [.. row.Zip(Tensors[weight], (x, w) => x * inverse * w)];
    }

    private double[] Multiply(string weight, double[] input)
    {
        var matrix = Tensors[weight];
        return [.. Enumerable.Range(0, matrix.Length / input.Length).Select(o => input.Select((x, i) => x * matrix[o * input.Length + i]).Sum())];
    }
}
