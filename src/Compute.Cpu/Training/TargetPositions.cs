namespace Atlas.Compute.Cpu.Training;

/// <summary>The positions of a batch that have a target: only these go through the output head.</summary>
internal sealed unsafe class TargetPositions
{
    private int[] _positions = [];
    private int[] _tokens = [];

    /// <summary>Number of targets.</summary>
    public int Count { get; private set; }

    /// <summary>The targets' tokens.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Takes a batch's targets; -1 is none.</summary>
    public void Set(ReadOnlySpan<int> targets)
    {
        if (_positions.Length < targets.Length)
        {
            _positions = new int[targets.Length];
            _tokens = new int[targets.Length];
        }
        Count = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] < 0) continue;
            _positions[Count] = i;
            _tokens[Count++] = targets[i];
        }
    }

    /// <summary>Values of targets to all positions, 0 elsewhere.</summary>
    public void Spread(ReadOnlySpan<float> values, Span<float> destination)
    {
        destination.Clear();
        for (int i = 0; i < Count; i++) destination[_positions[i]] = values[i];
    }

    /// <summary>Values of all positions to targets.</summary>
    public void Collect(ReadOnlySpan<float> values, Span<float> destination)
    {
        for (int i = 0; i < Count; i++) destination[i] = values[_positions[i]];
    }

    /// <summary>Rows of all positions to rows of targets.</summary>
    public void GatherRows(float* rows, float* destination, int width)
    {
        for (nint i = 0; i < Count; i++)
            new Span<float>(rows + (nint)_positions[i] * width, width).CopyTo(new Span<float>(destination + i * width, width));
    }

    /// <summary>Rows of targets to rows of all positions; others are left.</summary>
    public void ScatterRows(float* rows, float* destination, int width)
    {
        for (nint i = 0; i < Count; i++)
            new Span<float>(rows + i * width, width).CopyTo(new Span<float>(destination + (nint)_positions[i] * width, width));
    }
}
