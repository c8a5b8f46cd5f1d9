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

    /// <summary>Lays out some segments of a plan, which have at least one row.</summary>
    /// <param name="plan">Sequences and rows.</param>
    /// <param name="segments">Segments that take part, ascending; those without rows are left out.</param>
    /// <param name="config">Windows and head groups of the decoder.</param>
    /// <param name="cacheRows">Rows of a cache slot.</param>
    /// <param name="device">Where the index tensors go.</param>
    public BatchLayout(BatchPlan plan, IEnumerable<int> segments, ModelConfig config, int cacheRows, torch.Device device)
    {
        _segments = [.. segments.Select(plan.Segment).Where(s => s.Count > 0)];
        _sequences = [.. _segments.Select(s => (TorchSequence)s.Sequence)];
        Width = _segments.Max(s => s.Count);
        Columns = _sequences.Max(s => s.Length + s.Pending);
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
        upload.Add(_sequences.Select(s => (long)s.Pending).ToArray());
        upload.Add(_sequences.Select(s => (long)s.Slot).ToArray());
        var sent = upload.Send(device);
        Tokens = sent[0];
        Positions = sent[1];
        CacheRows = sent[2];
        Cells = Rows == Sequences * Width ? null : sent[3];
        OutputRows = outputs.Count == 0 ? null : sent[4];
        Slots = new SlotSelection([.. _sequences.Select(s => (long)s.Slot)], sent[8]);
        var perCell = sent[5].view(Sequences, Width, 1);
        var lengths = sent[6].view(Sequences, 1, 1);
        var pending = sent[7].view(Sequences, 1, 1);
        for (int layer = 0; layer < config.Layers; layer++)
            if (!_masks.ContainsKey(config.Window(layer)))
                _masks.Add(config.Window(layer), BuildMask(config.Window(layer), config.Heads / config.KvHeads, perCell, lengths, pending));
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

    // Committed columns are compared on the device; the host sends the trees alone, in one transfer for all sequences. They follow the
    // committed columns of each sequence, so each column looks up its place behind them.
    private Tensor BuildMask(int window, int groups, Tensor cellPositions, Tensor lengths, Tensor pending)
    {
        using var scope = torch.NewDisposeScope();
        var device = lengths.device;
        int most = _sequences.Max(s => s.Pending);
        var column = torch.arange(Columns, torch.ScalarType.Int64, device);
        var mask = column.lt(lengths);
        if (window > 0) mask = mask.logical_and(column.gt(cellPositions.sub(window)));
        var behind = column.sub(lengths);
        var inTree = behind.ge(0).logical_and(behind.lt(pending));
        var place = behind.clamp(0, most - 1).expand(Sequences, Width, Columns);
        var tree = torch.tensor(TreeMask(window, most), [Sequences, Width, most]).to(device).gather(2, place);
        mask = mask.logical_or(inTree.logical_and(tree)).unsqueeze(1);
        return (groups == 1 ? mask : mask.repeat(1, 1, groups, 1)).MoveToOuterDisposeScope();
    }

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
