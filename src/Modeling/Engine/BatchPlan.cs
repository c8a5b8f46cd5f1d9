namespace Atlas.Modeling.Engine;

/// <summary>
/// What one forward computes: for each of several sequences some new rows, each a token with its parent. Filled, used and cleared in every
/// step; allocates only while it grows. Not thread-safe.
/// </summary>
public sealed class BatchPlan
{
    private readonly List<PlanSegment> _segments = [];
    private int[] _tokens = new int[64];
    private int[] _parents = new int[64];
    private bool[] _outputs = new bool[64];

    /// <summary>Parent of a row that follows its sequence's committed rows directly.</summary>
    public const int NoParent = -1;

    /// <summary>Number of rows in all.</summary>
    public int Rows { get; private set; }

    /// <summary>Number of rows whose logits and hidden state are wanted.</summary>
    public int OutputRows { get; private set; }

    /// <summary>Number of sequences.</summary>
    public int SegmentCount => _segments.Count;

    /// <summary>The sequences with their rows, in the order they were begun.</summary>
    public PlanSegment Segment(int index) => _segments[index];

    /// <summary>Token of each row.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Rows);

    /// <summary>Parent of each row: index among its sequence's pending rows, those that earlier forwards left included, or <see cref="NoParent"/>.</summary>
    public ReadOnlySpan<int> Parents => _parents.AsSpan(0, Rows);

    /// <summary>Whether each row's logits and hidden state are wanted.</summary>
    public ReadOnlySpan<bool> Outputs => _outputs.AsSpan(0, Rows);

    /// <summary>Empties the plan.</summary>
    public void Clear()
    {
        _segments.Clear();
        Rows = 0;
        OutputRows = 0;
    }

    /// <summary>The rows added from now on belong to <paramref name="sequence"/>, which the plan must not hold yet.</summary>
    public void Begin(IDecoderSequence sequence)
    {
        foreach (var segment in _segments)
            if (ReferenceEquals(segment.Sequence, sequence))
                throw new ArgumentException("the plan already holds rows of this sequence", nameof(sequence));
        _segments.Add(new PlanSegment(sequence, Rows, 0));
    }

    /// <summary>Adds a row to the sequence begun last and returns its index in the plan.</summary>
    /// <param name="token">Its token.</param>
    /// <param name="parent">Its parent among the sequence's pending rows, or <see cref="NoParent"/>.</param>
    /// <param name="output">Whether its logits and hidden state are wanted.</param>
    public int Add(int token, int parent, bool output)
    {
        if (_segments.Count == 0) throw new InvalidOperationException("the plan has no sequence yet: call Begin first");
        var segment = _segments[^1];
        int own = segment.Sequence.Pending + segment.Count;
        if (parent < NoParent || parent >= own)
            throw new ArgumentException($"parent {parent} of pending row {own} is not an earlier one", nameof(parent));
        if (Rows == _tokens.Length)
        {
            Array.Resize(ref _tokens, Rows * 2);
            Array.Resize(ref _parents, Rows * 2);
            Array.Resize(ref _outputs, Rows * 2);
        }
        _tokens[Rows] = token;
        _parents[Rows] = parent;
        _outputs[Rows] = output;
        if (output) OutputRows++;
        _segments[^1] = segment with { Count = segment.Count + 1 };
        return Rows++;
    }

    /// <summary>
    /// Adds tokens as a chain below <paramref name="parent"/>; only the last one's output is wanted if <paramref name="lastOutput"/>.
    /// Returns the pending index of the last row.
    /// </summary>
    public int AddChain(ReadOnlySpan<int> tokens, int parent, bool lastOutput)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            Add(tokens[i], parent, lastOutput && i == tokens.Length - 1);
            var segment = _segments[^1];
            parent = segment.Sequence.Pending + segment.Count - 1;
        }
        return parent;
    }
}
