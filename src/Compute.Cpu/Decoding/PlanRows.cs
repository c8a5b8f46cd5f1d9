using Atlas.Compute.Cpu.Cache;
using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>
/// A plan resolved to cache rows. <see cref="Resolve"/> checks the whole plan before it changes anything, so a refused plan leaves every
/// sequence as it was.
/// </summary>
internal sealed unsafe class PlanRows(ModelConfig config, DecoderOptions options, SequenceSlots slots) : IDisposable
{
    private readonly RowPlacement[] _rows = new RowPlacement[options.MaxRows];
    private readonly AlignedBuffer<int> _paths = new((long)options.MaxRows * options.MaxPending);

    /// <summary>Most queries, rows times query heads of a key/value head, in a block; more only where one row has more.</summary>
    public const int MaxBlockQueries = 16;

    private readonly RowSpan[] _blocks = new RowSpan[options.MaxRows];
    private int _blockCount;

    /// <summary>Most rows in a block.</summary>
    public int MaxBlockRows { get; } = Math.Max(1, MaxBlockQueries * config.KvHeads / config.Heads);

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The greatest position among the rows.</summary>
    public int LastPosition { get; private set; }

    /// <summary>Cached rows that all rows together attend to, windows not counted: how much work attention is.</summary>
    public long AttendedRows { get; private set; }

    /// <summary>The rows in blocks of one sequence each, small enough for <see cref="MaxBlockQueries"/>.</summary>
    public ReadOnlySpan<RowSpan> Blocks => _blocks.AsSpan(0, _blockCount);

    /// <summary>Where a row stands.</summary>
    public ref readonly RowPlacement this[int row] => ref _rows[row];

    /// <summary>Cache rows of the pending rows on a row's path.</summary>
    public int* Path(int row) => _paths.Pointer + _rows[row].PathOffset;

    /// <summary>Checks the plan, then makes its rows pending rows of their sequences.</summary>
    public void Resolve(BatchPlan plan)
    {
        Check(plan);
        Count = 0;
        LastPosition = 0;
        AttendedRows = 0;
        _blockCount = 0;
        int paths = 0;
        for (int s = 0; s < plan.SegmentCount; s++)
        {
            var segment = plan.Segment(s);
            var sequence = (CpuSequence)segment.Sequence;
            for (int i = 0; i < segment.Count; i++)
            {
                int row = segment.FirstRow + i;
                int pending = sequence.Tree.Add(plan.Parents[row]);
                var path = _paths.Span(paths, sequence.Tree.Depth(pending) + 1);
                sequence.Tree.Path(pending, path);
                foreach (ref int ancestor in path) ancestor += sequence.Length;
                int position = sequence.Length + path.Length - 1;
                int dense = sequence.Length;
                while (dense <= position && path[dense - sequence.Length] == dense) dense++;
                _rows[row] = new RowPlacement(plan.Tokens[row], sequence.Slot, sequence.Length, pending, position, paths, path.Length, dense);
                paths += path.Length;
                LastPosition = Math.Max(LastPosition, position);
                AttendedRows += position + 1;
            }
            AddBlocks(segment);
        }
        Count = plan.Rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _paths.Dispose();

    private void AddBlocks(PlanSegment segment)
    {
        for (int row = 0; row < segment.Count; row += MaxBlockRows)
            _blocks[_blockCount++] = new RowSpan(segment.FirstRow + row, Math.Min(MaxBlockRows, segment.Count - row));
    }

    private void Check(BatchPlan plan)
    {
        if (plan.Rows == 0) throw new ArgumentException("the plan has no rows", nameof(plan));
        if (plan.Rows > options.MaxRows)
            throw new ArgumentException($"the plan has {plan.Rows} rows; the decoder takes at most {options.MaxRows}", nameof(plan));
        foreach (int token in plan.Tokens)
            if ((uint)token >= (uint)config.VocabularySize)
                throw new ArgumentException($"token {token} is outside the vocabulary; expected 0 to {config.VocabularySize - 1}", nameof(plan));
        for (int s = 0; s < plan.SegmentCount; s++) Check(plan, plan.Segment(s));
    }

    private void Check(BatchPlan plan, PlanSegment segment)
    {
        if (segment.Sequence is not CpuSequence sequence || !sequence.BelongsTo(slots))
            throw new ArgumentException("the plan names a sequence of another decoder", nameof(plan));
        var tree = sequence.Tree;
        if (tree.Count + segment.Count > options.MaxPending)
            throw new ArgumentException(
                $"the sequence would have {tree.Count + segment.Count} pending rows; the decoder takes at most {options.MaxPending}", nameof(plan));
        for (int i = 0; i < segment.Count; i++)
        {
            int row = segment.FirstRow + i, parent = plan.Parents[row];
            if (parent >= tree.Count + i)
                throw new ArgumentException($"parent {parent} of pending row {tree.Count + i} is not an earlier one", nameof(plan));
            int position = parent < 0 ? sequence.Length
                : parent < tree.Count ? sequence.Length + tree.Depth(parent) + 1
                : _rows[segment.FirstRow + parent - tree.Count].Position + 1;
            if (position >= options.ContextLength)
                throw new ArgumentException($"position {position} is beyond the context of {options.ContextLength} tokens", nameof(plan));
            _rows[row] = new RowPlacement(plan.Tokens[row], 0, 0, 0, position, 0, 0, 0);
        }
    }
}
