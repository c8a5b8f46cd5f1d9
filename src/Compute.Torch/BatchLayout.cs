using Atlas.Modeling;
using Atlas.Modeling.Engine;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Where the rows of one forward lie, as index tensors on the device: their tokens and positions, their cache rows, and their place in the
/// rectangle [sequences, most rows of a sequence] that attention works on. Made when the rows are already in their sequences' pending
/// trees. Its tensors belong to the dispose scope it was made in.
/// </summary>
internal sealed class BatchLayout
{
    private readonly PlanSegment[] _segments;
    private readonly TorchSequence[] _sequences;
    private readonly Tensor _cellPositions;
    private readonly Tensor _lengths;
    private readonly Tensor _ends;
    private readonly int _groups;

    /// <summary>Lays out some segments of a plan, which have at least one row.</summary>
    /// <param name="plan">Sequences and rows.</param>
    /// <param name="segments">Segments that take part, ascending; those without rows are left out.</param>
    /// <param name="config">Windows and head groups of the decoder.</param>
    /// <param name="cacheRows">Rows of a cache slot.</param>
    /// <param name="device">Where the index tensors go.</param>
    public BatchLayout(BatchPlan plan, IEnumerable<int> segments, ModelConfig config, int cacheRows, torch.Device device)
    {
        _groups = config.Heads / config.KvHeads;
        _segments = [.. segments.Select(plan.Segment).Where(s => s.Count > 0)];
        _sequences = [.. _segments.Select(s => (TorchSequence)s.Sequence)];
        Width = _segments.Max(s => s.Count);
        Columns = _sequences.Max(s => s.Length + s.Pending);
        IsMasked = Width > 1 || _sequences.Any(s => s.Pending > 1 || s.Length + s.Pending < Columns) || HidesByWindow(config);
        if (IsMasked) Columns = KvCache.Rounded(Columns);
        Rows = _segments.Sum(s => s.Count);

        var tokens = new long[Rows];
        var positions = new long[Rows];
        var cache = new long[Rows];
        var cells = new long[Rows];
        var cellPositions = new long[Sequences * Width];
        var outputs = new List<long>(plan.OutputRows);
        int row = 0;
        for (int s = 0; s < _segments.Length; s++)
        {
            var sequence = _sequences[s];
            int before = sequence.Pending - _segments[s].Count;
            for (int i = 0; i < _segments[s].Count; i++, row++)
            {
                int planned = _segments[s].FirstRow + i;
                tokens[row] = plan.Tokens[planned];
                positions[row] = sequence.Length + sequence.Tree.Depth(before + i);
                cache[row] = (long)sequence.Slot * cacheRows + sequence.Length + before + i;
                cells[row] = (long)s * Width + i;
                cellPositions[cells[row]] = positions[row];
                if (plan.Outputs[planned]) outputs.Add(row);
            }
        }
        var upload = new IndexUpload();
        upload.Add(tokens);
        upload.Add(positions);
        upload.Add(cache);
        upload.Add(cells);
        upload.Add(outputs.ToArray());
        upload.Add(cellPositions);
        upload.Add(_sequences.Select(s => (long)s.Length).ToArray());
        upload.Add(_sequences.Select(s => (long)s.Length + s.Pending).ToArray());
        upload.Add(_sequences.Select(s => (long)s.Slot).ToArray());
        var sent = upload.Send(device);
        Tokens = sent[0];
        Positions = sent[1];
        CacheRows = sent[2];
        Cells = Rows == Sequences * Width ? null : sent[3];
        Outputs = outputs.Count;
        OutputRows = outputs.Count == Rows ? null : sent[4];
        Slots = new SlotSelection([.. _sequences.Select(s => (long)s.Slot)], sent[8]);
        _cellPositions = sent[5].view(Sequences, Width, 1);
        _lengths = sent[6].view(Sequences, 1, 1);
        _ends = sent[7].view(Sequences, 1, 1);
    }

    /// <summary>New rows.</summary>
    public int Rows { get; }

    /// <summary>Sequences that have new rows.</summary>
    public int Sequences => _segments.Length;

    /// <summary>Most new rows of a sequence.</summary>
    public int Width { get; }

    /// <summary>Most cache rows of a sequence, the new ones included; more where a mask hides them.</summary>
    public int Columns { get; }

    /// <summary>Token of each row, int64 [rows].</summary>
    public Tensor Tokens { get; }

    /// <summary>Absolute position of each row, int64 [rows].</summary>
    public Tensor Positions { get; }

    /// <summary>Cache row of each row, counted over all slots, int64 [rows].</summary>
    public Tensor CacheRows { get; }

    /// <summary>Number of rows whose output is wanted.</summary>
    public int Outputs { get; }

    /// <summary>Those rows, ascending, int64; null where they are all.</summary>
    public Tensor? OutputRows { get; }

    /// <summary>Place of each row in the flattened rectangle [sequences x width], int64 [rows]; null when the rows fill it.</summary>
    public Tensor? Cells { get; }

    /// <summary>Slots of the sequences.</summary>
    public SlotSelection Slots { get; }

    /// <summary>Whether some row must not see some column: else attention needs no mask.</summary>
    public bool IsMasked { get; }

    /// <summary>
    /// What attention adds to its products, [sequences, 1, width x groups, columns]: 0 where a row sees a column, which are the committed rows
    /// and its own path, inside the window (0: all); else negative infinity. Each row stands there once for every query head that shares a key
    /// head. Cells without a row see some column, so that their softmax is defined. Belongs to the caller's dispose scope.
    /// </summary>
    public Tensor Mask(int window, torch.ScalarType type)
    {
        // Committed columns are compared on the device; the host sends the trees alone, in one transfer for all sequences. They follow the
        // committed columns of each sequence, so each column looks up its place behind them.
        using var scope = torch.NewDisposeScope();
        var device = _lengths.device;
        int most = _sequences.Max(s => s.Pending);
        var column = TensorArithmetic.Count(Columns, torch.ScalarType.Int64, device);
        var seen = column.lt(_lengths);
        if (window > 0) seen = seen.logical_and(column.gt(_cellPositions.Minus((long)window)));
        var place = column.sub(_lengths).Within(0, most - 1).expand(Sequences, Width, Columns);
        var tree = torch.tensor(TreeMask(window, most), [Sequences, Width, most]).to(device).gather(2, place);
        seen = seen.logical_or(column.ge(_lengths).logical_and(column.lt(_ends)).logical_and(tree));
        return torch.zeros(seen.shape, type, device)
            .WithInPlace(seen.logical_not(), float.NegativeInfinity)
            .unsqueeze(2)
            .expand(Sequences, Width, _groups, Columns)
            .reshape(Sequences, 1, Width * _groups, Columns)
            .MoveToOuterDisposeScope();
    }

    // A row sees as many of the last positions, its own included, as its window has.
    private bool HidesByWindow(ModelConfig config) =>
        Enumerable.Range(0, config.Layers).Any(layer => config.Window(layer) > 0 && Columns > config.Window(layer));

    // Which pending rows each new row sees: its path, inside the window. Cells without a row see the first one.
    private bool[] TreeMask(int window, int most)
    {
        var seen = new bool[Sequences * Width * most];
        for (int s = 0; s < Sequences; s++)
        {
            var tree = _sequences[s].Tree;
            int count = _segments[s].Count, before = _sequences[s].Pending - count;
            for (int i = 0; i < Width; i++)
            {
                var row = seen.AsSpan((s * Width + i) * most, most);
                if (i >= count)
                {
                    row[0] = true;
                    continue;
                }
                int own = before + i;
                int least = window == 0 ? 0 : tree.Depth(own) - window + 1;
                for (int p = own; p >= 0 && tree.Depth(p) >= least; p = tree.Parent(p)) row[p] = true;
            }
        }
        return seen;
    }
}
