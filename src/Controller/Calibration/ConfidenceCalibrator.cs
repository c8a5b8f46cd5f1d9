namespace Atlas.Controller.Calibration;

/// <summary>
/// Turns a speculator's confidence into the probability that its draft token is accepted given that the parent was. Counts of accepted and
/// observed tokens in bins over the confidence's logit, discounted for drift, each with a prior that trusts the confidence; made monotone by
/// pooling adjacent violators (isotonic regression: Barlow et al. 1972; for calibration: Zadrozny and Elkan, KDD 2002), linear in the logit
/// between bins. Not thread-safe; allocates nothing.
/// </summary>
public sealed class ConfidenceCalibrator
{
    private const int Bins = 15;
    private const float Range = 7f;
    private const int PoolEvery = 8;

    private const double MostWeight = 1e100;

    // What each bin's confidence says of itself.
    private static readonly double[] Priors = [.. Enumerable.Range(0, Bins).Select(i => 1 / (1 + Math.Exp(Range - i * (2 * Range / (Bins - 1)))))];

    private readonly double _growth;
    private readonly double _priorWeight;
    private readonly double[] _accepted = new double[Bins];
    private readonly double[] _observed = new double[Bins];
    private readonly float[] _probability = new float[Bins];

    // Instead of all counts shrinking with every observation, the weight of the new one grows.
    private double _weight = 1;
    private int _sincePooling;

    /// <summary>A calibrator that trusts confidences until it has seen otherwise.</summary>
    /// <param name="window">Observations after which an old one counts 1/e.</param>
    /// <param name="priorWeight">Observations that the prior of a bin is worth.</param>
    public ConfidenceCalibrator(double window = 500, double priorWeight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priorWeight);
        _growth = Math.Exp(1 / window);
        _priorWeight = priorWeight;
        Pool();
    }

    /// <summary>Tokens observed so far, discounted ones counted in full.</summary>
    public long Observations { get; private set; }

    /// <summary>
    /// The probability for a confidence. Never falls when the confidence rises. NaN counts as 0, confidences out of range as the nearest in it.
    /// </summary>
    public float Probability(float confidence)
    {
        float place = Place(confidence);
        int bin = Math.Min((int)place, Bins - 2);
        float part = place - bin;
        return _probability[bin] + part * (_probability[bin + 1] - _probability[bin]);
    }

    /// <summary>Learns whether a token of that confidence, whose parent was accepted, was accepted itself.</summary>
    public void Observe(float confidence, bool accepted)
    {
        float place = Place(confidence);
        int bin = Math.Min((int)place, Bins - 2);
        float part = place - bin;
        _weight *= _growth;
        if (_weight > MostWeight) Scale(1);
        _observed[bin] += (1 - part) * _weight;
        _observed[bin + 1] += part * _weight;
        if (accepted)
        {
            _accepted[bin] += (1 - part) * _weight;
            _accepted[bin + 1] += part * _weight;
        }
        if (++Observations > 64 && ++_sincePooling < PoolEvery) return;
        Pool();
    }

    /// <summary>Lets what was learned count only that fraction, 0 to 1, of what it did: after a shift of the traffic.</summary>
    public void Discount(double fraction)
    {
        Scale(fraction);
        Pool();
    }

    /// <summary>Takes up what another has learned, at that fraction, 0 to 1, of its weight.</summary>
    public void CopyFrom(ConfidenceCalibrator other, double fraction)
    {
        Load(other.Save());
        Discount(fraction);
    }

    /// <summary>A copy of the counts, to be stored: accepted of each bin, then observed.</summary>
    public double[] Save()
    {
        Scale(1);
        return [.. _accepted, .. _observed];
    }

    /// <summary>Takes stored counts up again.</summary>
    /// <exception cref="ArgumentException">They are not counts that <see cref="Save"/> could have written.</exception>
    public void Load(ReadOnlySpan<double> state)
    {
        if (state.Length != 2 * Bins) throw new ArgumentException($"{state.Length} numbers; expected {2 * Bins}", nameof(state));
        for (int i = 0; i < Bins; i++)
            if (!(state[i] >= 0 && state[i] <= state[Bins + i] * (1 + 1e-9) && double.IsFinite(state[Bins + i])))
                throw new ArgumentException($"bin {i} has {state[i]} accepted of {state[Bins + i]}; expected 0 to that many", nameof(state));
        _weight = 1;
        state[..Bins].CopyTo(_accepted);
        state[Bins..].CopyTo(_observed);
        Pool();
    }

    // Where a confidence lies among the bins, 0 to Bins - 1.
    private static float Place(float confidence)
    {
        float logit = confidence > 0f ? confidence < 1f ? MathF.Log(confidence / (1f - confidence)) : Range : -Range;
        return (Math.Clamp(logit, -Range, Range) + Range) * ((Bins - 1) / (2 * Range));
    }

    // Brings the counts to weight 1, times a factor.
    private void Scale(double factor)
    {
        for (int i = 0; i < Bins; i++)
        {
            _accepted[i] *= factor / _weight;
            _observed[i] *= factor / _weight;
        }
        _weight = 1;
    }

    // Pool adjacent violators: blocks of bins whose means would fall are merged until they rise.
    private void Pool()
    {
        _sincePooling = 0;
        Span<double> sum = stackalloc double[Bins], weight = stackalloc double[Bins];
        Span<int> length = stackalloc int[Bins];
        double prior = _priorWeight * _weight;
        int blocks = 0;
        for (int i = 0; i < Bins; i++)
        {
            sum[blocks] = _accepted[i] + prior * Priors[i];
            weight[blocks] = _observed[i] + prior;
            length[blocks++] = 1;
            while (blocks > 1 && sum[blocks - 2] * weight[blocks - 1] >= sum[blocks - 1] * weight[blocks - 2])
            {
                sum[blocks - 2] += sum[blocks - 1];
                weight[blocks - 2] += weight[blocks - 1];
                length[blocks - 2] += length[blocks - 1];
                blocks--;
            }
        }
        for (int block = 0, bin = 0; block < blocks; block++)
            for (int i = 0; i < length[block]; i++)
                _probability[bin++] = (float)(sum[block] / weight[block]);
    }
}
