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
        Slots = new SlotSelection([.. _sequences.Select(s => (long)s.Slot)], device);
        for (int layer = 0; layer < config.Layers; layer++)
            if (!_masks.ContainsKey(config.Window(layer)))
                _masks.Add(config.Window(layer), BuildMask(config.Window(layer), config.Heads / config.KvHeads, device));
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
    /// committed rows and its own path, inside the window (0: all). Cells without a row see column 0, so that their softmax is defined.
    /// </summary>
    public Tensor Mask(int window) => _masks[window];

    private Tensor BuildMask(int window, int groups, torch.Device device)
    {
        var seen = new bool[Sequences * Width * Columns];
        for (int s = 0; s < Sequences; s++)
            for (int i = 0; i < Width; i++)
            {
                var row = seen.AsSpan((s * Width + i) * Columns, Columns);
                if (i < _segments[s].Count) MarkPath(row, _sequences[s], _sequences[s].Pending - _segments[s].Count + i, window);
                else row[0] = true;
            }
        using var scope = torch.NewDisposeScope();
        var mask = torch.tensor(seen, [Sequences, 1, Width, Columns]).to(device);
        return (groups == 1 ? mask : mask.repeat(1, 1, groups, 1)).MoveToOuterDisposeScope();
    }

    private static void MarkPath(Span<bool> row, TorchSequence sequence, int pending, int window)
    {
        int position = sequence.Length + sequence.Tree.Depth(pending);
        int first = window == 0 ? 0 : Math.Max(0, position - window + 1);
        if (first < sequence.Length) row[first..sequence.Length].Fill(true);
        for (int p = pending; p >= 0 && sequence.Length + sequence.Tree.Depth(p) >= first; p = sequence.Tree.Parent(p))
            row[sequence.Length + p] = true;
    }
}
