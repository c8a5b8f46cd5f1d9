using Atlas.Compute.Cpu.Attention;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Causal grouped-query attention over packed sequences, forward and backward, in blocks of queries. An item is one key/value head of one
/// sequence, and of those that continue it, with all query heads that share it, so everything an item writes is its own. Scores are not kept: the backward forms them again
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
        Run(_pool, sequences.Groups * _shape.KvHeads, 1);
    }

    /// <summary>Gradients by the projections; expects the buffers as the forward left them.</summary>
    public void Backward(in AttentionLayer layer, in AttentionGradient gradient, SequenceLayout sequences)
    {
        (_layer, _gradient, _sequences, _backward) = (layer, gradient, sequences, true);
        int items = sequences.Groups * _shape.KvHeads;
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
            int group = item / _shape.KvHeads, kvHead = item % _shape.KvHeads;
            if (_backward) BackwardItem(group, kvHead, item, worker);
            else ForwardItem(group, kvHead, worker);
        }
    }

    private void ForwardItem(int group, int kvHead, int worker)
    {
        for (int sequence = _sequences.Trunk(group); sequence < _sequences.End(group); sequence++)
        {
            for (int g = 0; g < _shape.Group; g++) TurnHead(sequence, kvHead * _shape.Group + g, _layer.QueryNorm);
            TurnHead(sequence, _shape.Heads + kvHead, _layer.KeyNorm);
        }
        float* scores = _scratch[worker].Reserve((nint)QueryBlock * _sequences.Longest);
        for (int sequence = _sequences.Trunk(group); sequence < _sequences.End(group); sequence++)
            for (int g = 0; g < _shape.Group; g++)
                for (int q = 0; q < _sequences.Length(sequence); q += QueryBlock)
                    ForwardBlock(BlockOf(group, sequence, q), kvHead, kvHead * _shape.Group + g, scores, _gemm.Workspaces[worker]);
    }

    private void ForwardBlock(in AttentionBlock block, int kvHead, int head, float* scores, GemmWorkspace workspace)
    {
        int keys = block.Keys;
        var query = Rows(_layer.Joint, block.Row, block.Count, _shape.Query(head));
        float* output = _layer.Output + block.Row * _shape.QueryWidth + head * _shape.HeadDim;
        float* logSum = _layer.LogSum + (nint)head * _layer.Positions + block.Row;
        for (int run = 0; run < block.Runs; run++)
        {
            var (row, column, count) = block.Run(run);
            workspace.Multiply(new GemmCall(query, Rows(_layer.Joint, row, count, _shape.Key(kvHead)).Transposed, scores + column, keys));
        }
        for (int i = 0; i < block.Count; i++) logSum[i] = Softmax(scores + (nint)i * keys, block.Position + i, block.FirstKey, keys);
        for (int run = 0; run < block.Runs; run++)
        {
            var (row, column, count) = block.Run(run);
            var probability = new MatrixView(scores + column, block.Count, count, keys);
            workspace.Multiply(new GemmCall(
                probability, Rows(_layer.Joint, row, count, _shape.Value(kvHead)), output, _shape.QueryWidth, run == 0 ? null : output, _shape.QueryWidth));
        }
    }

    private void BackwardItem(int group, int kvHead, int item, int worker)
    {
        int first = _sequences.Trunk(group), end = _sequences.End(group), dim = _shape.HeadDim;
        nint last = _sequences.Start(end - 1) + _sequences.Length(end - 1);
        for (nint row = _sequences.Start(first); row < last; row++)
        {
            new Span<float>(_gradient.Joint + row * _shape.JointWidth + _shape.Key(kvHead), dim).Clear();
            new Span<float>(_gradient.Joint + row * _shape.JointWidth + _shape.Value(kvHead), dim).Clear();
        }
        float* scores = _scratch[worker].Reserve((nint)2 * QueryBlock * _sequences.Longest);
        for (int sequence = first; sequence < end; sequence++)
            for (int g = 0; g < _shape.Group; g++)
                for (int q = 0; q < _sequences.Length(sequence); q += QueryBlock)
                    BackwardBlock(BlockOf(group, sequence, q), kvHead, kvHead * _shape.Group + g, scores, _gemm.Workspaces[worker]);

        float* partials = _shape.QkNorm ? _normPartials.Data + (nint)item * 2 * dim : null;
        for (int sequence = first; sequence < end; sequence++)
        {
            for (int g = 0; g < _shape.Group; g++) TurnBackHead(sequence, kvHead * _shape.Group + g, _layer.QueryNorm, partials);
            TurnBackHead(sequence, _shape.Heads + kvHead, _layer.KeyNorm, partials + dim);
        }
    }

    private void BackwardBlock(in AttentionBlock block, int kvHead, int head, float* scores, GemmWorkspace workspace)
    {
        int dim = _shape.HeadDim, joint = _shape.JointWidth, queryWidth = _shape.QueryWidth, keys = block.Keys;
        float* slopes = scores + (nint)QueryBlock * _sequences.Longest;
        float* output = _layer.Output + block.Row * queryWidth + head * dim;
        float* outputGradient = _gradient.Output + block.Row * queryWidth + head * dim;
        float* logSum = _layer.LogSum + (nint)head * _layer.Positions + block.Row;
        var query = Rows(_layer.Joint, block.Row, block.Count, _shape.Query(head));
        var derivative = new MatrixView(outputGradient, block.Count, dim, queryWidth);
        for (int run = 0; run < block.Runs; run++)
        {
            var (row, column, count) = block.Run(run);
            workspace.Multiply(new GemmCall(query, Rows(_layer.Joint, row, count, _shape.Key(kvHead)).Transposed, scores + column, keys));
            workspace.Multiply(new GemmCall(derivative, Rows(_layer.Joint, row, count, _shape.Value(kvHead)).Transposed, slopes + column, keys));
        }
        for (int i = 0; i < block.Count; i++)
        {
            nint at = (nint)i * queryWidth;
            float mean = VectorMath.Dot(output + at, outputGradient + at, dim);
            SoftmaxBackward(scores + (nint)i * keys, slopes + (nint)i * keys, new SoftmaxRow(block.Position + i, block.FirstKey, keys, logSum[i], mean));
        }
        float* queryGradient = _gradient.Joint + block.Row * joint + _shape.Query(head);
        for (int run = 0; run < block.Runs; run++)
        {
            var (row, column, count) = block.Run(run);
            var probability = new MatrixView(scores + column, block.Count, count, keys);
            var slope = new MatrixView(slopes + column, block.Count, count, keys);
            float* valueGradient = _gradient.Joint + row * joint + _shape.Value(kvHead);
            float* keyGradient = _gradient.Joint + row * joint + _shape.Key(kvHead);
            workspace.Multiply(new GemmCall(probability.Transposed, derivative, valueGradient, joint, valueGradient, joint));
            workspace.Multiply(new GemmCall(slope.Transposed, query, keyGradient, joint, keyGradient, joint));
            workspace.Multiply(new GemmCall(
                slope, Rows(_layer.Joint, row, count, _shape.Key(kvHead)), queryGradient, joint, run == 0 ? null : queryGradient, joint));
        }
    }

    // The queries of a sequence from one on, and the keys they see.
    private AttentionBlock BlockOf(int group, int sequence, int query)
    {
        int before = _sequences.First(sequence), end = Math.Min(query + QueryBlock, _sequences.Length(sequence));
        int key = FirstKey(before + query), shared = Math.Max(0, before - key), own = Math.Max(0, key - before);
        nint start = _sequences.Start(sequence);
        return new AttentionBlock(start + query, before + query, end - query, key, _sequences.Start(_sequences.Trunk(group)) + key, shared, start + own, end - own);
    }

    // A head's part of rows of a joint buffer.
    private MatrixView Rows(float* buffer, nint row, int count, int offset) =>
        new(buffer + row * _shape.JointWidth + offset, count, _shape.HeadDim, _shape.JointWidth);

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
    private void TurnHead(int sequence, int head, float* norm)
    {
        int dim = _shape.HeadDim, before = _sequences.First(sequence);
        for (int i = 0; i < _sequences.Length(sequence); i++)
        {
            nint position = _sequences.Start(sequence) + i;
            float* values = _layer.Joint + position * _shape.JointWidth + head * dim;
            if (_shape.QkNorm)
            {
                float* raw = _layer.Raw + position * _shape.TurnedWidth + head * dim;
                new Span<float>(values, dim).CopyTo(new Span<float>(raw, dim));
                _layer.RawInverse[position * _shape.TurnedHeads + head] = RmsNorm.ForwardRow(raw, norm, values, dim, _shape.Epsilon);
            }
            RotaryTurn.Apply(values, _rotary.Cosines(before + i), _rotary.Sines(before + i), dim / 2, 1f);
        }
    }

    private void TurnBackHead(int sequence, int head, float* norm, float* weightGradient)
    {
        int dim = _shape.HeadDim, before = _sequences.First(sequence);
        for (int i = 0; i < _sequences.Length(sequence); i++)
        {
            nint position = _sequences.Start(sequence) + i;
            float* values = _gradient.Joint + position * _shape.JointWidth + head * dim;
            RotaryTurn.Apply(values, _rotary.Cosines(before + i), _rotary.Sines(before + i), dim / 2, -1f);
            if (!_shape.QkNorm) continue;
            float* raw = _layer.Raw + position * _shape.TurnedWidth + head * dim;
            float inverse = _layer.RawInverse[position * _shape.TurnedHeads + head];
            RmsNorm.BackwardRow(new RmsNormRow(raw, norm, inverse, dim), values, values, add: false, weightGradient);
        }
    }

    private readonly record struct SoftmaxRow(int Position, int FirstKey, int Keys, float LogSum, float Mean);
}
