using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Log-probabilities of targets under softmax(hidden W^T), and their backward. Logits of a batch are kept between the two if they fit into
/// <see cref="KeptLogits"/>; otherwise they are computed in chunks of rows, twice.
/// </summary>
internal sealed unsafe class OutputHead : IDisposable
{
    /// <summary>Most logits in memory at once (64 MiB).</summary>
    public const int KeptLogits = 1 << 24;

    private readonly Gemm _gemm;
    private readonly int _vocabulary;
    private readonly int _hidden;
    private readonly int _keptLogits;
    private readonly GrowingBuffer _logits = new();
    private readonly GrowingBuffer _logSums = new();
    private readonly LogProbLoop _logProbs;
    private readonly SlopeLoop _slopes;

    /// <summary>A head of [vocabulary, hidden]; <paramref name="keptLogits"/> is for tests.</summary>
    public OutputHead(WorkerPool pool, Gemm gemm, int vocabulary, int hidden, int keptLogits = KeptLogits)
    {
        _gemm = gemm;
        _vocabulary = vocabulary;
        _hidden = hidden;
        _keptLogits = keptLogits;
        _logProbs = new LogProbLoop(pool);
        _slopes = new SlopeLoop(pool);
    }

    private int ChunkRows => Math.Max(1, _keptLogits / _vocabulary);

    /// <summary>Writes the log-probability of each row's target; hidden states are [targets, hidden].</summary>
    public void Forward(float* hidden, float* weight, ReadOnlySpan<int> targets, Span<float> logProbs)
    {
        int chunk = ChunkRows;
        float* logSums = _logSums.Reserve(targets.Length);
        for (int first = 0; first < targets.Length; first += chunk)
        {
            int rows = Math.Min(chunk, targets.Length - first);
            float* logits = ComputeLogits(hidden, weight, first, rows);
            fixed (int* target = targets)
            fixed (float* result = logProbs)
                _logProbs.Run(logits, _vocabulary, rows, target + first, result + first, logSums + first);
        }
    }

    /// <summary>
    /// Backward of the forward just made: writes the gradient by the hidden states, adds the weight's. <paramref name="derivative"/> is the
    /// loss's derivative by each log-probability.
    /// </summary>
    public void Backward(
        float* hidden, OutputHeadGradient head, ReadOnlySpan<int> targets, ReadOnlySpan<float> derivative, float* hiddenGradient)
    {
        int chunk = ChunkRows;
        for (int first = 0; first < targets.Length; first += chunk)
        {
            int rows = Math.Min(chunk, targets.Length - first);
            float* logits = targets.Length <= chunk ? _logits.Data : ComputeLogits(hidden, head.Weight, first, rows);
            fixed (int* target = targets)
            fixed (float* slope = derivative)
                _slopes.Run(logits, _vocabulary, rows, target + first, slope + first, _logSums.Data + first);
            float* states = hidden + (nint)first * _hidden;
            var slopes = new MatrixView(logits, rows, _vocabulary);
            _gemm.Multiply(new GemmCall(
                slopes, new MatrixView(head.Weight, _vocabulary, _hidden), hiddenGradient + (nint)first * _hidden, _hidden));
            _gemm.Multiply(new GemmCall(
                slopes.Transposed, new MatrixView(states, rows, _hidden), head.Gradient, _hidden, head.Gradient, _hidden));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _logits.Dispose();
        _logSums.Dispose();
    }

    private float* ComputeLogits(float* hidden, float* weight, int first, int rows)
    {
        float* logits = _logits.Reserve((nint)rows * _vocabulary);
        _gemm.Multiply(new GemmCall(
            new MatrixView(hidden + (nint)first * _hidden, rows, _hidden),
            new MatrixView(weight, _vocabulary, _hidden).Transposed,
            logits,
            _vocabulary));
        return logits;
    }

    private sealed class LogProbLoop(WorkerPool pool) : ParallelLoop
    {
        private float* _logits;
        private int* _targets;
        private float* _results;
        private float* _logSums;
        private int _width;

        public void Run(float* logits, int width, int rows, int* targets, float* results, float* logSums)
        {
            _logits = logits;
            _width = width;
            _targets = targets;
            _results = results;
            _logSums = logSums;
            Run(pool, rows, 8);
        }

        protected override void Body(int first, int end, int worker)
        {
            for (int i = first; i < end; i++)
            {
                float* row = _logits + (nint)i * _width;
                float max = VectorMath.Max(row, _width);
                _logSums[i] = max + MathF.Log(VectorMath.SumOfExp(row, max, _width));
                _results[i] = row[_targets[i]] - _logSums[i];
            }
        }
    }

    // Logits become the loss's derivatives by them: derivative x (one-hot of the target - probabilities).
    private sealed class SlopeLoop(WorkerPool pool) : ParallelLoop
    {
        private float* _logits;
        private int* _targets;
        private float* _derivatives;
        private float* _logSums;
        private int _width;

        public void Run(float* logits, int width, int rows, int* targets, float* derivatives, float* logSums)
        {
            _logits = logits;
            _width = width;
            _targets = targets;
            _derivatives = derivatives;
            _logSums = logSums;
            Run(pool, rows, 8);
        }

        protected override void Body(int first, int end, int worker)
        {
            for (int i = first; i < end; i++)
            {
                float* row = _logits + (nint)i * _width;
                VectorMath.ExpSum(row, 1f, _logSums[i], _width);
                VectorMath.Scale(row, -_derivatives[i], _width);
                row[_targets[i]] += _derivatives[i];
            }
        }
    }
}
