namespace Atlas.Compute.Cpu.Training;

/// <summary>Where the packed sequences of a batch begin and how long they are.</summary>
internal sealed class SequenceLayout
{
    private int[] _starts = [];
    private int[] _lengths = [];

    /// <summary>Number of sequences.</summary>
    public int Count { get; private set; }

    /// <summary>Length of the longest one.</summary>
    public int Longest { get; private set; }

    /// <summary>First position of a sequence.</summary>
    public int Start(int sequence) => _starts[sequence];

    /// <summary>Positions of a sequence.</summary>
    public int Length(int sequence) => _lengths[sequence];

    /// <summary>Takes the sequences of a batch.</summary>
    public void Set(ReadOnlySpan<int> lengths)
    {
        if (_starts.Length < lengths.Length)
        {
            _starts = new int[lengths.Length];
            _lengths = new int[lengths.Length];
        }
        Count = lengths.Length;
        Longest = 0;
        int start = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            _starts[i] = start;
            _lengths[i] = lengths[i];
            start += lengths[i];
            Longest = Math.Max(Longest, lengths[i]);
        }
    }
}
