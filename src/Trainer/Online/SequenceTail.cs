using Atlas.Core.Sampling;

namespace Atlas.Trainer.Online;

/// <summary>
/// The newest rows of one sequence, as many as a window takes: with each further row, a window is complete. A gap, where records were dropped,
/// begins anew. Preallocated.
/// </summary>
internal sealed class SequenceTail
{
    private readonly int _length;
    private readonly int _topK;
    private readonly int[] _tokens;
    private readonly int[] _next;
    private readonly int[] _topTokens;
    private readonly float[] _topProbabilities;
    private readonly float[][] _states;
    private int _count;
    private int _head;

    public SequenceTail(int length, int width, int topK)
    {
        _length = length;
        _topK = topK;
        int rows = length + 1;
        _tokens = new int[rows];
        _next = new int[rows];
        _topTokens = new int[rows * topK];
        _topProbabilities = new float[rows * topK];
        _states = new float[rows][];
        for (int i = 0; i < rows; i++) _states[i] = new float[width];
    }

    /// <summary>The sequence's namespace.</summary>
    public string Namespace { get; private set; } = "";

    /// <summary>Whether its windows are for the shadow test only.</summary>
    public bool IsHeldOut { get; private set; }

    /// <summary>Position of the row that comes next.</summary>
    public int Position { get; private set; }

    /// <summary>When it last got rows, in the caller's counting.</summary>
    public long LastUse { get; set; }

    /// <summary>Sampling of the sequence as a shadow test repeats it.</summary>
    public SamplingState Sampling { get; private set; } = new(SamplingOptions.Greedy, [], 0);

    /// <summary>Begins a sequence.</summary>
    public void Begin(VerificationRecord record, bool heldOut)
    {
        Namespace = record.Namespace;
        IsHeldOut = heldOut;
        Sampling = new SamplingState(Plain(record.Sampling), [], 0);
        Restart(record.Position);
    }

    /// <summary>Rows so far do not belong to what comes next.</summary>
    public void Restart(int position)
    {
        Position = position;
        _count = 0;
        _head = 0;
    }

    /// <summary>Adds a record's row; true when a window is complete.</summary>
    public bool Append(VerificationRecord record, int row)
    {
        int at = _head;
        _head = (_head + 1) % (_length + 1);
        _tokens[at] = record.Tokens[row];
        _next[at] = record.Tokens[row + 1];
        record.Top(row).CopyTo(_topTokens.AsSpan(at * _topK));
        record.Probabilities(row).CopyTo(_topProbabilities.AsSpan(at * _topK));
        record.State(row).CopyTo(_states[at]);
        Position++;
        _count = Math.Min(_count + 1, _length + 1);
        return _count == _length + 1;
    }

    /// <summary>Copies the newest window.</summary>
    public void CopyTo(ReplayWindow window)
    {
        // The oldest row is where the next one will go; its state comes before the window's first token.
        _states[_head].CopyTo(window.State.Writable(0));
        for (int i = 0; i < _length; i++)
        {
            int at = (_head + 1 + i) % (_length + 1);
            window.Example.Tokens[i] = _tokens[at];
            window.Next[i] = _next[at];
            _topTokens.AsSpan(at * _topK, _topK).CopyTo(window.Example.TopTokens.AsSpan(i * _topK));
            _topProbabilities.AsSpan(at * _topK, _topK).CopyTo(window.Example.TopProbabilities.AsSpan(i * _topK));
        }
        window.Position = Position - _length;
        window.Sampling = Sampling;
    }

    // Penalties and constraints depend on text that a window does not hold.
    private static SamplingOptions Plain(SamplingOptions options) => options.HasPenalties || options.Constraint is not null
        ? options with { RepetitionPenalty = 1f, PresencePenalty = 0f, FrequencyPenalty = 0f, Constraint = null }
        : options;
}
