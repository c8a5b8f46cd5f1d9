using System.Numerics;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>RMSNorm (arXiv 1910.07467) of rows: y = x / sqrt(mean(x^2) + epsilon) x weight.</summary>
internal sealed unsafe class RmsNorm : IDisposable
{
    // Rows whose weight gradients are summed together; fixed, so that the sum has one order.
    private const int Block = 32;

    private readonly WorkerPool _pool;
    private readonly GrowingBuffer _partials = new();
    private readonly ForwardLoop _forward = new();
    private readonly BackwardLoop _backward = new();

    /// <summary>Norms computed on <paramref name="pool"/>.</summary>
    public RmsNorm(WorkerPool pool) => _pool = pool;

    /// <summary>One row; returns 1 / sqrt(mean square + epsilon).</summary>
    public static float ForwardRow(float* x, float* weight, float* y, int width, float epsilon)
    {
        float inverse = 1f / MathF.Sqrt(VectorMath.Dot(x, x, width) / width + epsilon);
        ApplyRow(x, weight, inverse, y, width);
        return inverse;
    }

    /// <summary>y = x x inverse x weight.</summary>
    public static void ApplyRow(float* x, float* weight, float inverse, float* y, int width)
    {
        int step = Vector<float>.Count;
        int i = 0;
        for (; i <= width - step; i += step) (Vector.Load(x + i) * inverse * Vector.Load(weight + i)).Store(y + i);
        for (; i < width; i++) y[i] = x[i] * inverse * weight[i];
    }

    /// <summary>
    /// Backward of one row: adds the weight's gradient to <paramref name="weightGradient"/>, and writes or adds the input's to
    /// <paramref name="dx"/>, which may be <paramref name="dy"/> when it is written.
    /// </summary>
    public static void BackwardRow(in RmsNormRow row, float* dy, float* dx, bool add, float* weightGradient)
    {
        float* x = row.X;
        float* weight = row.Weight;
        float inverse = row.Inverse;
        int width = row.Width;
        float projection = VectorMath.Dot(dy, weight, x, width) * inverse * inverse * inverse / width;
        int step = Vector<float>.Count;
        int i = 0;
        for (; i <= width - step; i += step)
        {
            var input = Vector.Load(x + i);
            var slope = Vector.Load(dy + i);
            (Vector.Load(weightGradient + i) + slope * (input * inverse)).Store(weightGradient + i);
            var result = slope * Vector.Load(weight + i) * inverse - input * projection;
            if (add) result = Vector.Load(dx + i) + result;
            result.Store(dx + i);
        }
        for (; i < width; i++)
        {
            float slope = dy[i];
            weightGradient[i] += slope * (x[i] * inverse);
            float result = slope * weight[i] * inverse - x[i] * projection;
            dx[i] = add ? dx[i] + result : result;
        }
    }

    /// <summary>All rows; leaves each row's inverse root mean square in <see cref="RmsNormRows.Inverse"/>.</summary>
    public void Forward(RmsNormRows rows, float* y) => _forward.Run(_pool, rows, y, compute: true);

    /// <summary>All rows again, from the inverses that <see cref="Forward"/> left.</summary>
    public void Recompute(RmsNormRows rows, float* y) => _forward.Run(_pool, rows, y, compute: false);

    /// <summary>
    /// Adds the input's gradient to <paramref name="dx"/> and the weight's to <paramref name="weightGradient"/>. Parallel over blocks of
    /// rows; partial sums of the weight's gradient are added in the blocks' order.
    /// </summary>
    public void Backward(RmsNormRows rows, float* dy, float* dx, float* weightGradient)
    {
        int blocks = (rows.Count + Block - 1) / Block;
        float* partials = _partials.Reserve((nint)blocks * rows.Width);
        new Span<float>(partials, blocks * rows.Width).Clear();
        _backward.Run(_pool, rows, dy, dx, partials, blocks);
        for (int block = 0; block < blocks; block++) VectorMath.Add(partials + (nint)block * rows.Width, weightGradient, rows.Width);
    }

    /// <inheritdoc/>
    public void Dispose() => _partials.Dispose();

    private sealed class ForwardLoop : ParallelLoop
    {
        private RmsNormRows _rows;
        private float* _y;
        private bool _compute;

        public void Run(WorkerPool pool, RmsNormRows rows, float* y, bool compute)
        {
            _rows = rows;
            _y = y;
            _compute = compute;
            Run(pool, rows.Count, Block);
        }

        protected override void Body(int first, int end, int worker)
        {
            int width = _rows.Width;
            for (nint i = first; i < end; i++)
            {
                if (_compute) _rows.Inverse[i] = ForwardRow(_rows.X + i * width, _rows.Weight, _y + i * width, width, _rows.Epsilon);
                else ApplyRow(_rows.X + i * width, _rows.Weight, _rows.Inverse[i], _y + i * width, width);
            }
        }
    }

    private sealed class BackwardLoop : ParallelLoop
    {
        private RmsNormRows _rows;
        private float* _dy;
        private float* _dx;
        private float* _partials;

        public void Run(WorkerPool pool, RmsNormRows rows, float* dy, float* dx, float* partials, int blocks)
        {
            _rows = rows;
            _dy = dy;
            _dx = dx;
            _partials = partials;
            Run(pool, blocks, 1);
        }

        protected override void Body(int first, int end, int worker)
        {
            int width = _rows.Width;
            for (int block = first; block < end; block++)
                for (nint i = block * Block; i < Math.Min((block + 1) * Block, _rows.Count); i++)
                {
                    var row = new RmsNormRow(_rows.X + i * width, _rows.Weight, _rows.Inverse[i], width);
                    BackwardRow(row, _dy + i * width, _dx + i * width, add: true, _partials + (nint)block * width);
                }
        }
    }
}
