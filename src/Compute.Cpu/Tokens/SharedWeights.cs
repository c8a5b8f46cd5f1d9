using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>
/// The few weights that all contexts share: what a successor counts by its context's order and number of successors, what a copy counts by the
/// length of its match, and what speaks for none of the candidates by the longest known context and the longest match. These make a context
/// that was seen once worth something at once.
/// </summary>
internal sealed class SharedWeights
{
    /// <summary>Longest match that is told apart from longer ones.</summary>
    public const int LongestMatch = 8;

    private const int Fills = SuccessorTable.Successors + 1;
    private const int Matches = LongestMatch + 1;

    private readonly int _orders;
    private readonly int _copies;
    private readonly int _escapes;

    /// <summary>Those that an untrained head begins with; all are learned further.</summary>
    public SharedWeights(TokenHeadConfig config)
    {
        _orders = config.Orders;
        _copies = _orders * Fills;
        _escapes = _copies + 2 * Matches;
        Values = new float[_escapes + (_orders + 1) * Matches];
        Sums = new float[Values.Length];
        for (int order = 0; order < _orders; order++) Values.AsSpan(order * Fills, Fills).Fill(0.3f + 0.3f * order);
        for (int length = 1; length < Matches; length++)
        {
            Values[Copy(length, isLongest: true)] = 0.4f * length;
            Values[Copy(length, isLongest: false)] = 0.2f * length;
        }
        Values.AsSpan(_escapes).Fill(1.5f);
    }

    /// <summary>All of them.</summary>
    public float[] Values { get; }

    /// <summary>Their sums of squared gradients.</summary>
    public float[] Sums { get; }

    /// <summary>Index of the weight of a successor of a context of <paramref name="order"/> + 1 tokens.</summary>
    public static int Successor(int order, int filled) => order * Fills + filled;

    /// <summary>Index of the weight of a copy.</summary>
    public int Copy(int length, bool isLongest) => _copies + (isLongest ? 0 : Matches) + length;

    /// <summary>Index of the weight of none of the candidates.</summary>
    /// <param name="known">Orders whose context is known.</param>
    /// <param name="longest">Longest match; 0 where there is none.</param>
    public int Escape(int known, int longest) => _escapes + known * Matches + longest;
}
