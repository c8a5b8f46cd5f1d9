using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Where the packed sequences of a batch begin and how long they are. A sequence and those that continue it form a group, whose rows lie one
/// behind the other.
/// </summary>
internal sealed class SequenceLayout
{
    private int[] _starts = [];
    private int[] _lengths = [];
    private int[] _firsts = [];
    private int[] _groups = [];
    private int _count;

    /// <summary>Number of groups.</summary>
    public int Groups { get; private set; }

    /// <summary>Positions of the longest text, what it continues included.</summary>
    public int Longest { get; private set; }

    /// <summary>First row of a sequence.</summary>
    public int Start(int sequence) => _starts[sequence];

    /// <summary>Rows of a sequence.</summary>
    public int Length(int sequence) => _lengths[sequence];

    /// <summary>Position of a sequence's first row in its text: the length of what it continues, or 0.</summary>
    public int First(int sequence) => _firsts[sequence];

    /// <summary>The sequence that a group's others continue.</summary>
    public int Trunk(int group) => _groups[group];

    /// <summary>The sequence behind a group's last.</summary>
    public int End(int group) => group + 1 < Groups ? _groups[group + 1] : _count;

    /// <summary>Takes the sequences of a batch.</summary>
    public void Set(TokenBatch batch)
    {
        _count = batch.Lengths.Length;
        if (_starts.Length < _count) (_starts, _lengths, _firsts, _groups) = (new int[_count], new int[_count], new int[_count], new int[_count]);
        (Groups, Longest) = (0, 0);
        int start = 0;
        for (int i = 0; i < _count; i++)
        {
            bool continues = batch.IsContinuation(i);
            if (!continues) _groups[Groups++] = i;
            (_starts[i], _lengths[i], _firsts[i]) = (start, batch.Lengths[i], continues ? _lengths[_groups[Groups - 1]] : 0);
            start += _lengths[i];
            Longest = Math.Max(Longest, _firsts[i] + _lengths[i]);
        }
    }
}
