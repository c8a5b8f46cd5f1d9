using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Softmax attention of a few rows over one key/value head. Both products are those of a linear layer whose weights are the cache, so keys
/// and values are read once for all rows and query heads. Every sum runs in an order that depends on the logical positions alone, never on
/// slots: a row's result is the same whether its ancestors are committed or pending, in a chain or in a tree, and whatever is computed with it.
/// </summary>
/// <typeparam name="TLanes">Instruction set.</typeparam>
/// <typeparam name="TFormat">How the cache is kept.</typeparam>
internal static unsafe class AttentionKernel<TLanes, TFormat>
    where TLanes : struct, ILanes<TLanes>
    where TFormat : struct, IFloatPanels
{
    /// <summary>Computes the outputs of all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Attend(in AttentionOperands o)
    {
        int from = int.MaxValue, dense = int.MaxValue, slots = 0;
        for (int row = 0; row < o.RowCount; row++)
        {
            ref readonly var r = ref o.Rows[row];
            from = Math.Min(from, r.From);
            dense = Math.Min(dense, r.Dense);
            slots = Math.Max(slots, r.Count > r.Dense ? r.Path[r.Count - r.Dense - 1] + 1 : r.Count);
        }
        Score(o, from & ~15, slots);
        float* inverses = stackalloc float[o.RowCount * o.Group];
        for (int query = 0; query < o.RowCount * o.Group; query++)
            inverses[query] = Normalize(o.Scores + query * o.ScoreStride, o.Rows[query / o.Group], from, o.Scale);
        Combine(o, from, dense);
        for (int query = 0; query < o.RowCount * o.Group; query++)
            Finish(o, query, dense, inverses[query]);
    }

    // Scores by slot, of all slots that any row sees; those that a row does not see are not used.
    private static void Score(in AttentionOperands o, int first, int slots)
    {
        int end = (slots + 15) & ~15;
        for (int query = 0; query < o.RowCount * o.Group; query++)
            new Span<float>(o.Scores + query * o.ScoreStride + first, end - first).Clear();
        var product = new LinearOperands
        {
            Weights = o.Keys,
            PanelBytes = o.KeyPanelBytes,
            Inputs = o.Width,
            X = o.Queries,
            XStride = o.Width,
            Rows = o.RowCount * o.Group,
            Y = o.Scores,
            YStride = o.ScoreStride,
        };
        LinearKernel<FloatTile<TLanes, TFormat>>.MultiplyAdd(product, first >> 4, end >> 4);
    }

    // Puts a row's scores into logical order and turns them into unnormalized probabilities; returns one over their sum. Positions that
    // other rows see before this one's first get probability zero.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Normalize(float* scores, in AttentionRow row, int from, float scale)
    {
        // Slots ascend and none is below its logical position, so a score is read before it is overwritten.
        for (int j = row.Dense; j < row.Count; j++) scores[j] = scores[row.Path[j - row.Dense]];
        float sum = Softmax(scores + row.From, row.Count - row.From, scale);
        new Span<float>(scores + (from & ~1), row.From - (from & ~1)).Clear();
        return 1f / sum;
    }

    // The positions that lie in the same slots for all rows, together.
    private static void Combine(in AttentionOperands o, int from, int dense)
    {
        int first = from & ~1;
        new Span<float>(o.Output, o.RowCount * o.Group * o.Width).Clear();
        if (dense <= first) return;
        var product = new LinearOperands
        {
            Weights = o.Values + (long)(first >> 1) * TFormat.PairBytes,
            PanelBytes = o.ValuePanelBytes,
            Inputs = dense - first,
            X = o.Scores + first,
            XStride = o.ScoreStride,
            Rows = o.RowCount * o.Group,
            Y = o.Output,
            YStride = o.Width,
        };
        LinearKernel<FloatTile<TLanes, TFormat>>.MultiplyAdd(product, 0, o.Width >> 4);
    }

    // The other positions of one query, in logical order, and the division by the sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(in AttentionOperands o, int query, int dense, float inverse)
    {
        ref readonly var row = ref o.Rows[query / o.Group];
        float* scores = o.Scores + query * o.ScoreStride;
        float* output = o.Output + (long)query * o.Width;
        var factor = TLanes.Broadcast(inverse);
        for (int panel = 0; panel < o.Width >> 4; panel++)
        {
            byte* values = o.Values + panel * o.ValuePanelBytes;
            var sum = TLanes.Load(output + panel * 16);
            for (int j = Math.Max(dense, row.From); j < row.Count; j++)
            {
                int slot = j < row.Dense ? j : row.Path[j - row.Dense];
                byte* pair = values + (long)(slot >> 1) * TFormat.PairBytes;
                var value = (slot & 1) == 0 ? TFormat.First<TLanes>(pair) : TFormat.Second<TLanes>(pair);
                sum = TLanes.Fma(TLanes.Broadcast(scores[j]), value, sum);
            }
            TLanes.Store(output + panel * 16, TLanes.Multiply(sum, factor));
        }
    }

    // Turns scores into unnormalized probabilities and returns their sum. Up to fifteen scores behind the last become zero.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Softmax(float* scores, int count, float scale)
    {
        int padded = (count + 15) & ~15;
        for (int i = count; i < padded; i++) scores[i] = scores[0];
        var max = TLanes.Load(scores);
        for (int i = 16; i < padded; i += 16) max = TLanes.Max(max, TLanes.Load(scores + i));
        var greatest = TLanes.Broadcast(TLanes.Max(max));
        var factor = TLanes.Broadcast(scale);
        for (int i = 0; i < padded; i += 16)
        {
            var x = TLanes.Multiply(TLanes.Subtract(TLanes.Load(scores + i), greatest), factor);
            TLanes.Store(scores + i, VectorKernel<TLanes>.Exp(x));
        }
        for (int i = count; i < padded; i++) scores[i] = 0;
        var sum = TLanes.Zero;
        for (int i = 0; i < padded; i += 16) sum = TLanes.Add(sum, TLanes.Load(scores + i));
        return TLanes.Sum(sum);
    }
}
