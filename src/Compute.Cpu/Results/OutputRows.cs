using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Results;

/// <summary>
/// Hidden states and logits of the wanted rows of a forward, and which row is where. Results look into it and become invalid when
/// <see cref="Begin(ReadOnlySpan{bool})"/> or <see cref="Invalidate"/> moves the version on.
/// </summary>
internal sealed class OutputRows : IDisposable
{
    private const int NotWanted = -1;

    private readonly AlignedBuffer<float> _hidden;
    private readonly AlignedBuffer<float> _logits;
    private readonly int[] _indices;
    private int _rows;
    private int[] _ids = [];

    /// <summary>Room for <paramref name="maxRows"/> rows.</summary>
    /// <param name="maxRows">Most rows of a plan.</param>
    /// <param name="width">Length of a hidden state.</param>
    /// <param name="columns">Most logits per row.</param>
    public OutputRows(int maxRows, int width, int columns)
    {
        Width = width;
        Columns = columns;
        _hidden = new AlignedBuffer<float>((long)maxRows * RowBlock.Padded(width));
        _logits = new AlignedBuffer<float>((long)maxRows * RowBlock.Padded(columns));
        _indices = new int[maxRows];
        PlanRows = new int[maxRows];
        Hidden = RowBlock.Over(_hidden, width);
        Logits = RowBlock.Over(_logits, columns);
    }

    /// <summary>Changes whenever the content does.</summary>
    public long Version { get; private set; }

    /// <summary>Wanted rows.</summary>
    public int Count { get; private set; }

    /// <summary>Length of a hidden state.</summary>
    public int Width { get; }

    /// <summary>Logits per row.</summary>
    public int Columns { get; private set; }

    /// <summary>Row of the plan of each wanted row.</summary>
    public int[] PlanRows { get; }

    /// <summary>Hidden states, one per wanted row.</summary>
    public RowBlock Hidden { get; }

    /// <summary>Logits, one row per wanted row.</summary>
    public RowBlock Logits { get; }

    /// <summary>Full token id of each logit, ascending; empty where logits cover the whole vocabulary.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>Restricts the logits to these tokens (a hot vocabulary), which are kept, not copied.</summary>
    public void SetIds(int[] ids)
    {
        _ids = ids;
        Columns = ids.Length;
        Invalidate();
    }

    /// <summary>Starts a forward whose rows are wanted where <paramref name="wanted"/> says so.</summary>
    public void Begin(ReadOnlySpan<bool> wanted)
    {
        Invalidate();
        _rows = wanted.Length;
        for (int row = 0; row < wanted.Length; row++)
        {
            _indices[row] = wanted[row] ? Count : NotWanted;
            if (wanted[row]) PlanRows[Count++] = row;
        }
    }

    /// <summary>Starts a forward whose rows are all wanted.</summary>
    public void Begin(int rows)
    {
        Invalidate();
        _rows = rows;
        for (Count = 0; Count < rows; Count++) _indices[Count] = PlanRows[Count] = Count;
    }

    /// <summary>Ends the life of results that look into this.</summary>
    public void Invalidate()
    {
        Version++;
        Count = 0;
        _rows = 0;
    }

    /// <summary>A row's hidden state.</summary>
    public unsafe ReadOnlySpan<float> HiddenOf(int planRow) => new(Hidden.Row(Index(planRow)), Width);

    /// <summary>A row's logits.</summary>
    public unsafe ReadOnlySpan<float> LogitsOf(int planRow) => new(Logits.Row(Index(planRow)), Columns);

    /// <inheritdoc/>
    public void Dispose()
    {
        Invalidate();
        _hidden.Dispose();
        _logits.Dispose();
    }

    private int Index(int planRow)
    {
        if ((uint)planRow >= (uint)_rows) throw new ArgumentException($"row {planRow} does not exist; the plan had {_rows}", nameof(planRow));
        int index = _indices[planRow];
        if (index == NotWanted) throw new ArgumentException($"row {planRow} was planned without output", nameof(planRow));
        return index;
    }
}
