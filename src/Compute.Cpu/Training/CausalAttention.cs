using Atlas.Compute.Cpu.Attention;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Causal grouped-query attention over packed sequences, forward and backward, in blocks of queries. An item is one key/value head of one
/// sequence with all query heads that share it, so everything an item writes is its own. Scores are not kept: the backward forms them again
/// from the softmax's denominators (FlashAttention, arXiv 2205.14135).
/// </summary>
internal sealed unsafe class CausalAttention : ParallelLoop, IDisposable
{
    // Queries whose scores are formed together.
    private const int QueryBlock = 96;

    private readonly WorkerPool _pool;
    private readonly Gemm _gemm;
    private readonly AttentionShape _shape;
    private readonly RotaryTable _rotary;
    private readonly GrowingBuffer[] _scratch;
    private readonly GrowingBuffer _normPartials = new();
    private SequenceLayout _sequences = new();
    private AttentionLayer _layer;
    private AttentionGradient _gradient;
    private bool _backward;

    /// <summary>Attention of one shape; scratch memory is shared by all layers.</summary>
    public CausalAttention(WorkerPool pool, Gemm gemm, AttentionShape shape, RotaryTable rotary)
    {
        _pool = pool;
        _gemm = gemm;
        _shape = shape;
        _rotary = rotary;
        _scratch = new GrowingBuffer[pool.Threads];
        for (int i = 0; i < _scratch.Length; i++) _scratch[i] = new GrowingBuffer();
    }

    /// <summary>Normalizes and rotates queries and keys in place and writes the layer's output.</summary>
    public void Forward(in AttentionLayer layer, SequenceLayout sequences)
    {
        (_layer, _sequences, _backward) = (layer, sequences, false);
        _rotary.Reach(sequences.Longest - 1);
        Run(_pool, sequences.Count * _shape.KvHeads, 1);
    }

    /// <summary>Gradients by the projections; expects the buffers as the forward left them.</summary>
    public void Backward(in AttentionLayer layer, in AttentionGradient gradient, SequenceLayout sequences)
    {
        (_layer, _gradient, _sequences, _backward) = (layer, gradient, sequences, true);
        int items = sequences.Count * _shape.KvHeads;
        if (_shape.QkNorm)
        {
            nint size = (nint)items * 2 * _shape.HeadDim;
            new Span<float>(_normPartials.Reserve(size), (int)size).Clear();
        }
        Run(_pool, items, 1);
        if (!_shape.QkNorm) return;
        for (int item = 0; item < items; item++)
        {
            float* partial = _normPartials.Data + (nint)item * 2 * _shape.HeadDim;
            VectorMath.Add(partial, gradient.QueryNorm, _shape.HeadDim);
            VectorMath.Add(partial + _shape.HeadDim, gradient.KeyNorm, _shape.HeadDim);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _normPartials.Dispose();
        foreach (var buffer in _scratch) buffer.Dispose();
    }

    /// <inheritdoc/>
    protected override void Body(int first, int end, int worker)
    {
        for (int item = first; item < end; item++)
        {
            int sequence = item / _shape.KvHeads, kvHead = item % _shape.KvHeads;
            if (_backward) BackwardItem(sequence, kvHead, item, worker);
            else ForwardItem(sequence, kvHead, worker);
        }
    }

    private void ForwardItem(int sequence, int kvHead, int worker)
    {
        nint start = _sequences.Start(sequence);
        int length = _sequences.Length(sequence);
        int joint = _shape.JointWidth, dim = _shape.HeadDim;
        float* rows = _layer.Joint + start * joint;
        for (int g = 0; g < _shape.Group; g++) TurnHead(start, length, kvHead * _shape.Group + g, _layer.QueryNorm);
        TurnHead(start, length, _shape.Heads + kvHead, _layer.KeyNorm);

        var workspace = _gemm.Workspaces[worker];
        float* scores = _scratch[worker].Reserve((nint)QueryBlock * length);
        for (int g = 0; g < _shape.Group; g++)
        {
            int head = kvHead * _shape.Group + g;
            float* output = _layer.Output + start * _shape.QueryWidth + head * dim;
            float* logSum = _layer.LogSum + (nint)head * _layer.Positions + start;
            for (int q = 0; q < length; q += QueryBlock)
            {
                int end = Math.Min(q + QueryBlock, length), count = end - q;
                int k = FirstKey(q), keys = end - k;
                var query = new MatrixView(rows + (nint)q * joint + _shape.Query(head), count, dim, joint);
                var key = new MatrixView(rows + (nint)k * joint + _shape.Key(kvHead), keys, dim, joint);
                var value = new MatrixView(rows + (nint)k * joint + _shape.Value(kvHead), keys, dim, joint);
                workspace.Multiply(new GemmCall(query, key.Transposed, scores, keys));
                for (int i = 0; i < count; i++) logSum[q + i] = Softmax(scores + (nint)i * keys, q + i, k, keys);
                workspace.Multiply(new GemmCall(new MatrixView(scores, count, keys), value, output + (nint)q * _shape.QueryWidth, _shape.QueryWidth));
            }
        }
    }

    private void BackwardItem(int sequence, int kvHead, int item, int worker)
    {
        nint start = _sequences.Start(sequence);
        int length = _sequences.Length(sequence);
        int joint = _shape.JointWidth, dim = _shape.HeadDim, queryWidth = _shape.QueryWidth;
        float* rows = _layer.Joint + start * joint;
        float* gradients = _gradient.Joint + start * joint;
        for (nint i = 0; i < length; i++)
        {
            new Span<float>(gradients + i * joint + _shape.Key(kvHead), dim).Clear();
            new Span<float>(gradients + i * joint + _shape.Value(kvHead), dim).Clear();
        }

        var workspace = _gemm.Workspaces[worker];
        float* scores = _scratch[worker].Reserve((nint)2 * QueryBlock * length);
        float* slopes = scores + (nint)QueryBlock * length;
        for (int g = 0; g < _shape.Group; g++)
        {
            int head = kvHead * _shape.Group + g;
            float* output = _layer.Output + start * queryWidth + head * dim;
            float* outputGradient = _gradient.Output + start * queryWidth + head * dim;
            float* logSum = _layer.LogSum + (nint)head * _layer.Positions + start;
            for (int q = 0; q < length; q += QueryBlock)
            {
                int end = Math.Min(q + QueryBlock, length), count = end - q;
                int k = FirstKey(q), keys = end - k;
                nint keyOffset = (nint)k * joint + _shape.Key(kvHead), valueOffset = (nint)k * joint + _shape.Value(kvHead);
                nint queryOffset = (nint)q * joint + _shape.Query(head), outputOffset = (nint)q * queryWidth;
                var query = new MatrixView(rows + queryOffset, count, dim, joint);
                var key = new MatrixView(rows + keyOffset, keys, dim, joint);
                var value = new MatrixView(rows + valueOffset, keys, dim, joint);
                var derivative = new MatrixView(outputGradient + outputOffset, count, dim, queryWidth);
                var probability = new MatrixView(scores, count, keys);
                var slope = new MatrixView(slopes, count, keys);

                workspace.Multiply(new GemmCall(query, key.Transposed, scores, keys));
                workspace.Multiply(new GemmCall(derivative, value.Transposed, slopes, keys));
                for (int i = 0; i < count; i++)
                {
                    nint at = outputOffset + (nint)i * queryWidth;
                    float mean = VectorMath.Dot(output + at, outputGradient + at, dim);
                    SoftmaxBackward(scores + (nint)i * keys, slopes + (nint)i * keys, new SoftmaxRow(q + i, k, keys, logSum[q + i], mean));
                }
                float* valueGradient = gradients + valueOffset;
                float* keyGradient = gradients + keyOffset;
                workspace.Multiply(new GemmCall(probability.Transposed, derivative, valueGradient, joint, valueGradient, joint));
                workspace.Multiply(new GemmCall(slope.Transposed, query, keyGradient, joint, keyGradient, joint));
                workspace.Multiply(new GemmCall(slope, key, gradients + queryOffset, joint));
            }
        }

        float* partials = _shape.QkNorm ? _normPartials.Data + (nint)item * 2 * dim : null;
        for (int g = 0; g < _shape.Group; g++) TurnBackHead(start, length, kvHead * _shape.Group + g, _layer.QueryNorm, partials);
        TurnBackHead(start, length, _shape.Heads + kvHead, _layer.KeyNorm, partials + dim);
    }

    // First key that any query from q on sees.
    private int FirstKey(int q) => _layer.Window == 0 ? 0 : Math.Max(0, q - _layer.Window + 1);

    // Softmax of the scores that the query at position sees, zero elsewhere; returns the logarithm of the denominator. The columns begin at
    // position firstKey.
    private float Softmax(float* row, int position, int firstKey, int keys)
    {
        int from = FirstKey(position) - firstKey, count = position + 1 - firstKey - from;
        float max = VectorMath.Max(row + from, count) * _shape.Scale;
        float sum = VectorMath.ExpSum(row + from, _shape.Scale, max, count);
        VectorMath.Scale(row + from, 1f / sum, count);
        new Span<float>(row, from).Clear();
        new Span<float>(row + from + count, keys - from - count).Clear();
        return max + MathF.Log(sum);
    }

    // Scores become probabilities; derivatives by them become derivatives by the scores.
    private void SoftmaxBackward(float* scores, float* slopes, in SoftmaxRow row)
    {
        int from = FirstKey(row.Position) - row.FirstKey, count = row.Position + 1 - row.FirstKey - from, rest = row.Keys - from - count;
        VectorMath.ExpSum(scores + from, _shape.Scale, row.LogSum, count);
        VectorMath.SoftmaxSlopes(scores + from, slopes + from, row.Mean, _shape.Scale, count);
        new Span<float>(scores, from).Clear();
        new Span<float>(slopes, from).Clear();
        new Span<float>(scores + from + count, rest).Clear();
        new Span<float>(slopes + from + count, rest).Clear();
    }

    // Head counts query heads first, then key heads: the order of a joint row.
    private void TurnHead(nint start, int length, int head, float* norm)
    {
        int dim = _shape.HeadDim;
        for (int i = 0; i < length; i++)
        {
            nint position = start + i;
            float* values = _layer.Joint + position * _shape.JointWidth + head * dim;
            if (_shape.QkNorm)
            {
                float* raw = _layer.Raw + position * _shape.TurnedWidth + head * dim;
                new Span<float>(values, dim).CopyTo(new Span<float>(raw, dim));
                _layer.RawInverse[position * _shape.TurnedHeads + head] = RmsNorm.ForwardRow(raw, norm, values, dim, _shape.Epsilon);
            }
            RotaryTurn.Apply(values, _rotary.Cosines(i), _rotary.Sines(i), dim / 2, 1f);
        }
    }

    private void TurnBackHead(nint start, int length, int head, float* norm, float* weightGradient)
    {
        int dim = _shape.HeadDim;
        for (int i = 0; i < length; i++)
        {
            nint position = start + i;
            float* values = _gradient.Joint + position * _shape.JointWidth + head * dim;
            RotaryTurn.Apply(values, _rotary.Cosines(i), _rotary.Sines(i), dim / 2, -1f);
            if (!_shape.QkNorm) continue;
            float* raw = _layer.Raw + position * _shape.TurnedWidth + head * dim;
            float inverse = _layer.RawInverse[position * _shape.TurnedHeads + head];
            RmsNorm.BackwardRow(new RmsNormRow(raw, norm, inverse, dim), values, values, add: false, weightGradient);
        }
    }

    private readonly record struct SoftmaxRow(int Position, int FirstKey, int Keys, float LogSum, float Mean);
}
