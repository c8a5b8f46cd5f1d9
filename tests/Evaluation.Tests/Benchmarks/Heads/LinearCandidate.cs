using System.Numerics.Tensors;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>
/// One linear map instead of a gated block: next state = gain x norm(state + W [norm(state), norm(embedding)]), fed forward. A plain
/// implementation: its times say nothing about what it would take packed.
/// </summary>
internal sealed class LinearCandidate : IHeadCandidate
{
    private const float Epsilon = 1e-5f;

    private readonly int _hidden;
    private readonly int _hotSize;
    private readonly float[] _embeddings;
    private readonly float[] _outputs;
    private readonly float[] _weights;
    private readonly float[] _gradient;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly float[] _gain;
    private readonly float[] _sum;
    private int[] _hot = [];
    private readonly int[] _hotIndex;
    private int _updates;

    /// <summary>A map of zeros: the state stays what it was.</summary>
    /// <param name="weights">The target's.</param>
    /// <param name="config">Its shape.</param>
    /// <param name="hotSize">Most tokens it drafts among.</param>
    /// <param name="stateScale">Root mean square of the target's states.</param>
    public LinearCandidate(IWeightSource weights, ModelConfig config, int hotSize, float stateScale)
    {
        (_hidden, _hotSize) = (config.HiddenSize, hotSize);
        _embeddings = Read(weights, DecoderTensors.Embedding, config);
        _outputs = config.TiedEmbeddings ? _embeddings : Read(weights, DecoderTensors.Head, config);
        _weights = new float[2 * _hidden * _hidden];
        _gradient = new float[_weights.Length];
        _first = new float[_weights.Length];
        _second = new float[_weights.Length];
        _gain = new float[_hidden];
        Array.Fill(_gain, stateScale);
        _sum = new float[_hidden];
        _hotIndex = new int[config.VocabularySize];
    }

    /// <inheritdoc/>
    public long Weights => 2L * _hidden * _hidden + (long)_hidden * _hotSize;

    /// <inheritdoc/>
    public void SetHotVocabulary(ReadOnlySpan<int> tokens)
    {
        _hot = tokens.ToArray();
        Array.Fill(_hotIndex, -1);
        for (int i = 0; i < _hot.Length; i++) _hotIndex[_hot[i]] = i;
    }

    /// <inheritdoc/>
    public void Learn(ReadOnlySpan<HeadExample> batch, AdamWStep step)
    {
        Array.Clear(_gradient);
        int rows = 0;
        foreach (var example in batch) rows += example.Tokens.Length;
        foreach (var example in batch) Accumulate(example, 1f / rows);
        float norm = MathF.Sqrt(TensorPrimitives.SumOfSquares(_gradient));
        float scale = step.ClipNorm > 0 && norm > step.ClipNorm ? step.ClipNorm / norm : 1f;
        _updates++;
        float first = 1 - MathF.Pow(step.Beta1, _updates), second = 1 - MathF.Pow(step.Beta2, _updates);
        for (int i = 0; i < _weights.Length; i++)
        {
            float g = _gradient[i] * scale;
            _first[i] += (1 - step.Beta1) * (g - _first[i]);
            _second[i] += (1 - step.Beta2) * (g * g - _second[i]);
            _weights[i] -= step.LearningRate * (_first[i] / first / (MathF.Sqrt(_second[i] / second) + 1e-8f) + step.WeightDecay * _weights[i]);
        }
    }

    /// <summary>Loss of an example, mean over its tokens; its gradient by the weights is added, times <paramref name="scale"/>.</summary>
    public double Accumulate(HeadExample example, float scale)
    {
        int steps = example.Tokens.Length, k = example.TopTokens.Length / steps;
        var states = new float[steps + 1][];
        var inputs = new float[steps][];
        var sums = new float[steps][];
        var logits = new float[steps][];
        states[0] = new float[_hidden];
        example.State.Read(example.StateRow, states[0]);
        double loss = 0;
        for (int t = 0; t < steps; t++)
        {
            (inputs[t], sums[t], states[t + 1]) = Forward(states[t], example.Tokens[t]);
            logits[t] = LogitsOf(states[t + 1]);
            loss += LossGradient(logits[t], example.TopTokens.AsSpan(t * k, k), example.TopProbabilities.AsSpan(t * k, k)) / steps;
        }
        var later = new float[_hidden];
        for (int t = steps - 1; t >= 0; t--)
        {
            // later holds the gradient by the next state that the steps behind it have.
            for (int i = 0; i < _hot.Length; i++)
                TensorPrimitives.MultiplyAdd(OutputRow(i), logits[t][i] * scale, later, later);
            var sumGradient = NormBackward(sums[t], _gain, later);
            var inputGradient = new float[2 * _hidden];
            for (int o = 0; o < _hidden; o++)
            {
                var row = _weights.AsSpan(o * 2 * _hidden, 2 * _hidden);
                var gradientRow = _gradient.AsSpan(o * 2 * _hidden, 2 * _hidden);
                TensorPrimitives.MultiplyAdd(inputs[t], sumGradient[o], gradientRow, gradientRow);
                TensorPrimitives.MultiplyAdd(row, sumGradient[o], inputGradient, inputGradient);
            }
            later = NormBackward(states[t], null, inputGradient.AsSpan(0, _hidden));
            TensorPrimitives.Add(later, sumGradient, later);
        }
        return loss;
    }

    /// <summary>The weights, and their gradient as accumulated since the last update; for checking it.</summary>
    public (float[] Weights, float[] Gradient) Parameters => (_weights, _gradient);

    /// <inheritdoc/>
    public void Prepare(IHiddenStates states) { }

    /// <inheritdoc/>
    public void Draft(IHiddenStates states, int row, int token, Span<int> chain)
    {
        var state = new float[_hidden];
        states.Read(row, state);
        foreach (ref int next in chain)
        {
            state = Forward(state, token).Next;
            token = next = _hot[TensorPrimitives.IndexOfMax(LogitsOf(state))];
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private (float[] Input, float[] Sum, float[] Next) Forward(float[] state, int token)
    {
        var input = new float[2 * _hidden];
        Normalize(state, input.AsSpan(0, _hidden));
        Normalize(_embeddings.AsSpan(token * _hidden, _hidden), input.AsSpan(_hidden));
        var sum = new float[_hidden];
        for (int o = 0; o < _hidden; o++) sum[o] = state[o] + TensorPrimitives.Dot(_weights.AsSpan(o * 2 * _hidden, 2 * _hidden), input);
        var next = new float[_hidden];
        Normalize(sum, next);
        TensorPrimitives.Multiply(next, _gain, next);
        return (input, sum, next);
    }

    private float[] LogitsOf(float[] state)
    {
        var logits = new float[_hot.Length];
        for (int i = 0; i < logits.Length; i++) logits[i] = TensorPrimitives.Dot(OutputRow(i), state);
        return logits;
    }

    // Turns logits into the derivatives by them; the target's distribution is that of its hot top tokens, normalized.
    private double LossGradient(float[] logits, ReadOnlySpan<int> tokens, ReadOnlySpan<float> probabilities)
    {
        float known = 0;
        for (int i = 0; i < tokens.Length; i++)
            if (tokens[i] >= 0 && _hotIndex[tokens[i]] >= 0)
                known += probabilities[i];
        if (known <= 0)
        {
            Array.Clear(logits);
            return 0;
        }
        TensorPrimitives.SoftMax<float>(logits, logits);
        double loss = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] < 0 || _hotIndex[tokens[i]] is not (>= 0 and var index)) continue;
            loss -= probabilities[i] / known * Math.Log(Math.Max(logits[index], 1e-30f));
        }
        for (int i = 0; i < tokens.Length; i++)
            if (tokens[i] >= 0 && _hotIndex[tokens[i]] is >= 0 and var index)
                logits[index] -= probabilities[i] / known;
        return loss;
    }

    private ReadOnlySpan<float> OutputRow(int hot) => _outputs.AsSpan(_hot[hot] * _hidden, _hidden);

    private void Normalize(ReadOnlySpan<float> x, Span<float> result) =>
        TensorPrimitives.Multiply(x, 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(x) / _hidden + Epsilon), result);

    // Gradient by x of gain x norm(x), given that by the result.
    private float[] NormBackward(ReadOnlySpan<float> x, float[]? gain, ReadOnlySpan<float> gradient)
    {
        float inverse = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(x) / _hidden + Epsilon);
        if (gain is null) gradient.CopyTo(_sum);
        else TensorPrimitives.Multiply(gradient, gain, _sum);
        float along = TensorPrimitives.Dot(_sum, x) * inverse * inverse * inverse / _hidden;
        var result = new float[_hidden];
        for (int i = 0; i < _hidden; i++) result[i] = _sum[i] * inverse - x[i] * along;
        return result;
    }

    private static float[] Read(IWeightSource weights, string name, ModelConfig config)
    {
        var values = new float[config.VocabularySize * config.HiddenSize];
        weights.Read(name, values);
        return values;
    }
}
