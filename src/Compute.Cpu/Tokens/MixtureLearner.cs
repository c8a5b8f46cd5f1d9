using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>
/// Adds examples' gradients: cross-entropy of the mixture against the target's top tokens after every fed token, by pieces of a few positions.
/// What the target says of tokens that are no candidates is taught to the escape; what is missing to 1 is not taught. Every position counts
/// alike, however many there are: the gradient is that of the losses' sum.
/// </summary>
internal sealed class MixtureLearner
{
    private const int PiecePositions = 8;

    // A token that the target gives less is no successor worth a place.
    private const float LeastProbability = 0.2f;

    private readonly int _width;
    private readonly SuccessorTable _table;
    private readonly TokenMixture _mixture;
    private readonly MixtureGradient _gradient;
    private readonly List<HeadExample> _examples = [];
    private readonly float[] _probabilities;
    private float[] _text;
    private double _loss;
    private int _taught;
    private int _example;
    private int _position;

    public MixtureLearner(TokenHeadConfig config, SuccessorTable table, TokenMixture mixture, MixtureGradient gradient)
    {
        _width = config.ContextLength;
        _table = table;
        _mixture = mixture;
        _gradient = gradient;
        _probabilities = new float[TokenMixture.Most(config) + 1];
        _text = new float[_width];
    }

    /// <summary>Mean loss of the last examples' positions.</summary>
    public double Loss => _taught == 0 ? 0 : _loss / _taught;

    /// <summary>Begins to add the examples' gradient.</summary>
    public void Begin(ReadOnlySpan<HeadExample> examples)
    {
        _examples.Clear();
        foreach (var example in examples) _examples.Add(example);
        _loss = 0;
        _taught = 0;
        _example = 0;
        _position = 0;
    }

    /// <summary>Does some positions more; returns whether any are left.</summary>
    public bool Continue()
    {
        for (int i = 0; i < PiecePositions && _example < _examples.Count; i++)
        {
            var example = _examples[_example];
            if (_position == 0) Open(example);
            Learn(example, _position++);
            if (_position < example.Tokens.Length) continue;
            _example++;
            _position = 0;
        }
        return _example < _examples.Count;
    }

    // The text of the example's position t is a window into one buffer, t + 1 values on.
    private void Open(HeadExample example)
    {
        int tokens = example.Tokens.Length;
        if (_text.Length < _width + tokens) _text = new float[_width + tokens];
        example.State.Read(example.StateRow, _text.AsSpan(0, _width));
        for (int i = 0; i < tokens; i++) _text[_width + i] = example.Tokens[i];
    }

    private void Learn(HeadExample example, int position)
    {
        int k = example.TopTokens.Length / example.Tokens.Length;
        var tokens = example.TopTokens.AsSpan(position * k, k);
        var targets = example.TopProbabilities.AsSpan(position * k, k);
        float mass = 0;
        for (int i = 0; i < k; i++)
            if (tokens[i] >= 0)
                mass += targets[i];
        if (!(mass > 0)) return;
        _taught++;
        _mixture.Run(_text.AsSpan(position + 1, _width));
        int escape = _mixture.Count;
        Softmax(tokens, targets);
        // Probabilities become derivatives of the loss by the logits.
        for (int i = 0; i <= escape; i++) _probabilities[i] *= mass;
        for (int i = 0; i < k; i++)
        {
            if (tokens[i] < 0) continue;
            int candidate = _mixture.IndexOf(tokens[i]);
            _probabilities[candidate < 0 ? escape : candidate] -= targets[i];
            if (targets[i] >= LeastProbability || i == 0) AddSuccessors(tokens[i]);
        }
        foreach (var term in _mixture.Terms) _gradient.Add(term.Weight, _probabilities[term.Candidate]);
        _gradient.Add(~_mixture.EscapeWeight, _probabilities[escape]);
    }

    // Probabilities of the candidates, the escape last; adds the position's loss.
    private void Softmax(ReadOnlySpan<int> tokens, ReadOnlySpan<float> targets)
    {
        int escape = _mixture.Count;
        float max = _mixture.Escape;
        foreach (float score in _mixture.Scores) max = Math.Max(max, score);
        _mixture.Scores.CopyTo(_probabilities);
        _probabilities[escape] = _mixture.Escape;
        float sum = 0;
        for (int i = 0; i <= escape; i++) sum += _probabilities[i] = MathF.Exp(_probabilities[i] - max);
        float logSum = max + MathF.Log(sum);
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] < 0) continue;
            int candidate = _mixture.IndexOf(tokens[i]);
            _loss -= targets[i] * (double)((candidate < 0 ? _mixture.Escape : _mixture.Scores[candidate]) - logSum);
        }
        for (int i = 0; i <= escape; i++) _probabilities[i] /= sum;
    }

    private void AddSuccessors(int token)
    {
        var hashes = _mixture.Hashes;
        for (int order = 0; order < hashes.Length; order++) _gradient.AddSuccessor(_table.Place(order, hashes[order]), hashes[order], token);
    }
}
