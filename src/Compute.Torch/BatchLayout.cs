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
    private readonly Dictionary<int, Tensor> _masks = [];

    /// <summary>Lays out a plan of at least one row.</summary>
    /// <param name="plan">Sequences and rows; segments without rows are left out.</param>
    /// <param name="config">Windows and head groups of the decoder.</param>
    /// <param name="cacheRows">Rows of a cache slot.</param>
    /// <param name="device">Where the index tensors go.</param>
    public BatchLayout(BatchPlan plan, ModelConfig config, int cacheRows, torch.Device device)
    {
        _segments = [.. Enumerable.Range(0, plan.SegmentCount).Select(plan.Segment).Where(s => s.Count > 0)];
        _sequences = [.. _segments.Select(s => (TorchSequence)s.Sequence)];
        Width = _segments.Max(s => s.Count);
        Columns = _sequences.Max(s => s.Length + s.Pending);
        Rows = plan.Rows;

        var tokens = new long[Rows];
        var positions = new long[Rows];
        var cache = new long[Rows];
        var cells = new long[Rows];
        var outputs = new List<long>(plan.OutputRows);
        for (int s = 0; s < _segments.Length; s++)
        {
            var sequence = _sequences[s];
            int before = sequence.Pending - _segments[s].Count;
            for (int i = 0; i < _segments[s].Count; i++)
            {
                int row = _segments[s].FirstRow + i;
                tokens[row] = plan.Tokens[row];
                positions[row] = sequence.Length + sequence.Tree.Depth(before + i);
                cache[row] = (long)sequence.Slot * cacheRows + sequence.Length + before + i;
                cells[row] = (long)s * Width + i;
                if (plan.Outputs[row]) outputs.Add(row);
            }
        }
        Tokens = torch.tensor(tokens).to(device);
        Positions = torch.tensor(positions).to(device);
        CacheRows = torch.tensor(cache).to(device);
        OutputRows = outputs.Count == 0 ? null : torch.tensor(outputs.ToArray()).to(device);
        Cells = Rows == _segments.Length * Width ? null : torch.tensor(cells).to(device);
        var cellPositions = torch.tensor(PositionsOfCells(), [_segments.Length, Width, 1]).to(device);
        Slots = new SlotSelection([.. _sequences.Select(s => (long)s.Slot)], device);
        for (int layer = 0; layer < config.Layers; layer++)
            if (!_masks.ContainsKey(config.Window(layer)))
                _masks.Add(config.Window(layer), BuildMask(config.Window(layer), config.Heads / config.KvHeads, cellPositions, device));
    }

    /// <summary>New rows.</summary>
    public int Rows { get; }

    /// <summary>Sequences that have new rows.</summary>
    public int Sequences => _segments.Length;

    /// <summary>Most new rows of a sequence.</summary>
    public int Width { get; }

    /// <summary>Most cache rows of a sequence, the new ones included.</summary>
    public int Columns { get; }

    /// <summary>Token of each row, int64 [rows].</summary>
    public Tensor Tokens { get; }

    /// <summary>Absolute position of each row, int64 [rows].</summary>
    public Tensor Positions { get; }

    /// <summary>Cache row of each row, counted over all slots, int64 [rows].</summary>
    public Tensor CacheRows { get; }

    /// <summary>Rows whose output is wanted, ascending, int64; null when there is none.</summary>
    public Tensor? OutputRows { get; }

    /// <summary>Place of each row in the flattened rectangle [sequences x width], int64 [rows]; null when the rows fill it.</summary>
    public Tensor? Cells { get; }

    /// <summary>Slots of the sequences.</summary>
    public SlotSelection Slots { get; }

    /// <summary>
    /// What each row sees in the cache, bool [sequences, 1, groups x width, columns], the rows of a query head group one behind the other:
    /// committed rows and its own path, inside the window (0: all). Cells without a row see some column, so that their softmax is defined.
    /// </summary>
    public Tensor Mask(int window) => _masks[window];

    // Position of the row in each cell; 0 where there is none.
    private long[] PositionsOfCells()
    {
        var positions = new long[Sequences * Width];
        for (int s = 0; s < Sequences; s++)
        {
            int before = _sequences[s].Pending - _segments[s].Count;
            for (int i = 0; i < _segments[s].Count; i++)
                positions[s * Width + i] = _sequences[s].Length + _sequences[s].Tree.Depth(before + i);
        }
        return positions;
    }

    // Committed columns are compared on the device; the host sends the trees alone, which follow them in each sequence's columns.
    private Tensor BuildMask(int window, int groups, Tensor cellPositions, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var column = torch.arange(Columns, torch.ScalarType.Int64, device);
        var lengths = torch.tensor(_sequences.Select(s => (long)s.Length).ToArray(), [Sequences, 1, 1]).to(device);
        var mask = column.lt(lengths).expand(Sequences, Width, Columns).clone();
        if (window > 0) mask.logical_and_(column.gt(cellPositions.sub(window)));
        for (int s = 0; s < Sequences; s++)
        {
            var tree = torch.tensor(TreeMask(s, window), [Width, _sequences[s].Pending]).to(device);
            mask.select(0, s).narrow(1, _sequences[s].Length, _sequences[s].Pending).copy_(tree);
        }
        mask = mask.unsqueeze(1);
        return (groups == 1 ? mask : mask.repeat(1, 1, groups, 1)).MoveToOuterDisposeScope();
    }

    // Which pending rows each new row of a sequence sees: its path, inside the window. Cells without a row see the first one.
    private bool[] TreeMask(int segment, int window)
    {
        var sequence = _sequences[segment];
        var tree = sequence.Tree;
        int count = _segments[segment].Count, pending = sequence.Pending;
        var seen = new bool[Width * pending];
        for (int i = 0; i < Width; i++)
        {
            var row = seen.AsSpan(i * pending, pending);
            if (i >= count)
            {
                row[0] = true;
                continue;
            }
            int own = pending - count + i;
            int least = window == 0 ? 0 : tree.Depth(own) - window + 1;
            for (int p = own; p >= 0 && tree.Depth(p) >= least; p = tree.Parent(p)) row[p] = true;
        }
        return seen;
    }
}
