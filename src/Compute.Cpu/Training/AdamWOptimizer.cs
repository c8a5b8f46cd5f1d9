using System.Numerics;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// AdamW (arXiv 1711.05101) over a parameter store: one pass for the gradient's norm, one that updates and clears. Both go by pieces of fixed
/// size, so no result depends on the number of threads.
/// </summary>
internal sealed unsafe class AdamWOptimizer
{
    private const int PieceSize = 16384;

    // Of an update that is done between the steps of decoding: about a fifth of a millisecond.
    private const int SlicePieces = 8;

    private readonly WorkerPool _pool;
    private readonly ParameterStore _parameters;
    private readonly Piece[] _pieces;
    private readonly NormLoop _norm;
    private readonly UpdateLoop _update;
    private AdamWStep _step = new(0);
    private float _clip;
    private int _done;

    /// <summary>An optimizer that has made no update.</summary>
    public AdamWOptimizer(WorkerPool pool, ParameterStore parameters)
    {
        _pool = pool;
        _parameters = parameters;
        var pieces = new List<Piece>();
        foreach (var slice in parameters.Slices)
            for (int i = 0; i < slice.Count; i += PieceSize)
                pieces.Add(new Piece((nint)slice.Offset + i, Math.Min(PieceSize, slice.Count - i), slice.Decays, MuonOptimizer.IsOwn(slice)));
        _pieces = [.. pieces];
        _norm = new NormLoop(this);
        _update = new UpdateLoop(this);
    }

    /// <summary>Updates applied.</summary>
    public long UpdateCount { get; set; }

    /// <summary>What the last update did.</summary>
    public UpdateReport Report { get; private set; } = new(0, false);

    /// <summary>Factor on the gradient of the last update, at most 1.</summary>
    public float Clip => _clip;

    /// <summary>Clips, updates and clears the gradient; one that is not finite is only cleared.</summary>
    public UpdateReport Update(AdamWStep step)
    {
        if (Begin(step)) Run(_pieces.Length);
        return Report;
    }

    /// <summary>
    /// Begins an update, which <see cref="Continue"/> does; false where there is none to do, because the gradient is not finite and was cleared.
    /// </summary>
    public bool Begin(AdamWStep step)
    {
        _parameters.Reserve();
        double norm = Math.Sqrt(_norm.Run(_pool));
        bool applied = double.IsFinite(norm);
        Report = new UpdateReport(norm, applied);
        if (applied)
        {
            UpdateCount++;
            _step = step;
            _clip = step.ClipNorm > 0 && norm > step.ClipNorm ? (float)(step.ClipNorm / norm) : 1f;
            _done = 0;
            return true;
        }
        for (long i = 0; i < _parameters.Count; i += PieceSize)
            new Span<float>(_parameters.Gradient + i, (int)Math.Min(PieceSize, _parameters.Count - i)).Clear();
        return false;
    }

    /// <summary>Updates some more of the weights; returns whether any are left.</summary>
    public bool Continue()
    {
        Run(SlicePieces);
        return _done < _pieces.Length;
    }

    private void Run(int most)
    {
        int count = Math.Min(most, _pieces.Length - _done);
        _update.Run(_pool, _step, _clip, UpdateCount, _done, count);
        _done += count;
    }

    private readonly record struct Piece(nint Offset, int Count, bool Decays, bool Muons);

    private sealed class NormLoop(AdamWOptimizer owner) : ParallelLoop
    {
        private readonly double[] _sums = new double[owner._pieces.Length];

        public double Run(WorkerPool pool)
        {
            Run(pool, _sums.Length, 1);
            double total = 0;
            foreach (double sum in _sums) total += sum;
            return total;
        }

        protected override void Body(int first, int end, int worker)
        {
            for (int i = first; i < end; i++)
            {
                float* gradient = owner._parameters.Gradient + owner._pieces[i].Offset;
                double sum = 0;
                // Short rows keep the f32 sums exact enough and cannot overflow where the double total would not.
                for (int k = 0; k < owner._pieces[i].Count; k += 256)
                    sum += VectorMath.Dot(gradient + k, gradient + k, Math.Min(256, owner._pieces[i].Count - k));
                _sums[i] = sum;
            }
        }
    }

    private sealed class UpdateLoop(AdamWOptimizer owner) : ParallelLoop
    {
        private AdamWStep _step = new(0);
        private float _clip;
        private float _correction1;
        private float _correction2;
        private int _first;

        public void Run(WorkerPool pool, AdamWStep step, float clip, long count, int first, int pieces)
        {
            _first = first;
            _step = step;
            _clip = clip;
            _correction1 = (float)(1 / (1 - Math.Pow(step.Beta1, count)));
            _correction2 = (float)(1 / (1 - Math.Pow(step.Beta2, count)));
            Run(pool, pieces, 1);
        }

        protected override void Body(int first, int end, int worker)
        {
            for (int i = first; i < end; i++)
            {
                ref readonly var piece = ref owner._pieces[_first + i];
                if (_step.MuonMomentum == 0 || !piece.Muons) Update(piece);
            }
        }

        private void Update(in Piece piece)
        {
            var parameters = owner._parameters;
            float* weight = parameters.Weights + piece.Offset;
            float* gradient = parameters.Gradient + piece.Offset;
            float* first = parameters.FirstMoment + piece.Offset;
            float* second = parameters.SecondMoment + piece.Offset;
            float keep = piece.Decays ? 1f - _step.LearningRate * _step.WeightDecay : 1f;
            int width = Vector<float>.Count, i = 0;
            for (; i <= piece.Count - width; i += width)
            {
                var g = Vector.Load(gradient + i) * _clip;
                var m = Vector.Load(first + i) * _step.Beta1 + g * (1f - _step.Beta1);
                var v = Vector.Load(second + i) * _step.Beta2 + g * g * (1f - _step.Beta2);
                var move = m * _correction1 / (Vector.SquareRoot(v * _correction2) + new Vector<float>(_step.Epsilon));
                (Vector.Load(weight + i) * keep - move * _step.LearningRate).Store(weight + i);
                m.Store(first + i);
                v.Store(second + i);
                Vector<float>.Zero.Store(gradient + i);
            }
            for (; i < piece.Count; i++)
            {
                float g = gradient[i] * _clip;
                float m = first[i] * _step.Beta1 + g * (1f - _step.Beta1);
                float v = second[i] * _step.Beta2 + g * g * (1f - _step.Beta2);
                float move = m * _correction1 / (MathF.Sqrt(v * _correction2) + _step.Epsilon);
                weight[i] = weight[i] * keep - move * _step.LearningRate;
                first[i] = m;
                second[i] = v;
                gradient[i] = 0;
            }
        }
    }
}
