using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Cross-entropy of rows of hot logits against the target's most probable tokens, as far as these are hot; the rest of the target's mass is
/// not taught. Logits become the loss's derivatives by them.
/// </summary>
internal sealed unsafe class SoftTargets(WorkerPool pool, HotVocabulary hot) : ParallelLoop
{
    private float* _logits;
    private HeadUnroll _unroll = new([]);
    private double[] _losses = [];
    private int[] _steps = [];
    private int _taught;

    /// <summary>Mean loss over the rows that have a hot target; 0 where none has.</summary>
    public double Run(float* logits, HeadUnroll unroll)
    {
        _logits = logits;
        _unroll = unroll;
        if (_losses.Length < unroll.Rows)
        {
            _losses = new double[unroll.Rows];
            _steps = new int[unroll.Rows];
        }
        _taught = 0;
        for (int step = 0; step < unroll.Steps; step++)
            for (int i = 0; i < unroll.Count(step); i++)
            {
                _steps[unroll.Start(step) + i] = step;
                if (HotMass(Probabilities(unroll.Start(step) + i)) > 0) _taught++;
            }
        Run(pool, unroll.Rows, 4);
        double sum = 0;
        for (int row = 0; row < unroll.Rows; row++) sum += _losses[row];
        return _taught == 0 ? 0 : sum / _taught;
    }

    /// <inheritdoc/>
    protected override void Body(int first, int end, int worker)
    {
        for (int row = first; row < end; row++) _losses[row] = RunRow(row);
    }

    private double RunRow(int row)
    {
        int width = hot.Tokens.Length;
        float* logits = _logits + (nint)row * width;
        var targets = Probabilities(row);
        float mass = HotMass(targets);
        if (mass == 0)
        {
            new Span<float>(logits, width).Clear();
            return 0;
        }
        float max = VectorMath.Max(logits, width);
        float logSum = max + MathF.Log(VectorMath.SumOfExp(logits, max, width));
        double loss = 0;
        for (int i = 0; i < targets.Tokens.Length; i++)
        {
            int index = hot.IndexOf(targets.Tokens[i]);
            if (index >= 0) loss -= targets.Values[i] * (double)(logits[index] - logSum);
        }
        VectorMath.ExpSum(logits, 1f, logSum, width);
        VectorMath.Scale(logits, mass / _taught, width);
        for (int i = 0; i < targets.Tokens.Length; i++)
        {
            int index = hot.IndexOf(targets.Tokens[i]);
            if (index >= 0) logits[index] -= targets.Values[i] / _taught;
        }
        return loss;
    }

    private TargetRow Probabilities(int row)
    {
        int step = _steps[row];
        var example = _unroll.Example(row - _unroll.Start(step));
        int k = example.TopTokens.Length / example.Tokens.Length;
        return new TargetRow(example.TopTokens.AsSpan(step * k, k), example.TopProbabilities.AsSpan(step * k, k));
    }

    private float HotMass(TargetRow row)
    {
        float mass = 0;
        for (int i = 0; i < row.Tokens.Length; i++)
            if (hot.IndexOf(row.Tokens[i]) >= 0)
                mass += row.Values[i];
        return mass;
    }

    private readonly ref struct TargetRow(ReadOnlySpan<int> tokens, ReadOnlySpan<float> values)
    {
        public ReadOnlySpan<int> Tokens { get; } = tokens;

        public ReadOnlySpan<float> Values { get; } = values;
    }
}
