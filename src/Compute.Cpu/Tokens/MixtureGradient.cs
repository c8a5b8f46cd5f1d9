using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>
/// The gradient of a mixture's weights: sparse, a list of (weight, derivative) that is summed by weight when it is applied, and the successors
/// that contexts are to get. Applied by AdaGrad (Duchi et al., JMLR 2011), which moves a weight that was seldom touched far at once: what was
/// seen once counts from then on.
/// </summary>
internal sealed class MixtureGradient(SuccessorTable table, SharedWeights shared)
{
    // Of the rate: what all contexts share moves slower than what one says.
    private const float SharedRate = 0.15f;
    private const float SuccessorFloor = 0.25f;
    private const float SharedFloor = 0.1f;

    private readonly List<(int Place, uint Hash, int Token)> _successors = [];
    private int[] _weights = new int[1024];
    private float[] _derivatives = new float[1024];
    private int _count;

    /// <summary>Adds to a weight's derivative; weights are named as in <see cref="MixtureTerm.Weight"/>.</summary>
    public void Add(int weight, float derivative)
    {
        if (_count == _weights.Length)
        {
            Array.Resize(ref _weights, 2 * _count);
            Array.Resize(ref _derivatives, 2 * _count);
        }
        _weights[_count] = weight;
        _derivatives[_count++] = derivative;
    }

    /// <summary>A context is to know a successor.</summary>
    public void AddSuccessor(int place, uint hash, int token) => _successors.Add((place, hash, token));

    /// <summary>Derivative of a weight as summed so far.</summary>
    public double Of(int weight)
    {
        double sum = 0;
        for (int i = 0; i < _count; i++)
            if (_weights[i] == weight)
                sum += _derivatives[i];
        return sum;
    }

    /// <summary>Applies and clears; a gradient that is not finite is only cleared.</summary>
    public UpdateReport Apply(AdamWStep step)
    {
        SumByWeight();
        double squares = 0;
        foreach (float derivative in _derivatives.AsSpan(0, _count)) squares += (double)derivative * derivative;
        double norm = Math.Sqrt(squares);
        bool applied = double.IsFinite(norm);
        if (applied)
        {
            float scale = step.ClipNorm > 0 && norm > step.ClipNorm ? (float)(step.ClipNorm / norm) : 1f;
            for (int i = 0; i < _count; i++) Move(_weights[i], scale * _derivatives[i], step);
            foreach (var (place, hash, token) in _successors) table.Insert(place, hash, token);
        }
        Clear();
        return new UpdateReport(norm, applied);
    }

    /// <summary>Forgets what was added.</summary>
    public void Clear()
    {
        _count = 0;
        _successors.Clear();
    }

    private void SumByWeight()
    {
        Array.Sort(_weights, _derivatives, 0, _count);
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (kept > 0 && _weights[kept - 1] == _weights[i]) _derivatives[kept - 1] += _derivatives[i];
            else (_weights[kept], _derivatives[kept++]) = (_weights[i], _derivatives[i]);
        }
        _count = kept;
    }

    private void Move(int weight, float derivative, AdamWStep step)
    {
        if (weight < 0)
        {
            ref float sharedSum = ref shared.Sums[~weight];
            sharedSum += derivative * derivative;
            shared.Values[~weight] -= SharedRate * step.LearningRate * derivative / MathF.Sqrt(sharedSum + SharedFloor);
            return;
        }
        var (place, successor) = Math.DivRem(weight, SuccessorTable.Successors);
        ref float sum = ref table.Sum(place, successor);
        ref float value = ref table.Weight(place, successor);
        sum += derivative * derivative;
        value -= step.LearningRate * (derivative / MathF.Sqrt(sum + SuccessorFloor) + step.WeightDecay * value);
    }
}
