namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>A page of a <see cref="RecallStore"/>'s positions. Positions are named by how many came before them, ever.</summary>
internal sealed class RecallPage
{
    /// <summary>Positions of a page, as a power of two.</summary>
    public const int Bits = 10;

    /// <summary>Positions of a page.</summary>
    public const int Length = 1 << Bits;

    /// <summary>Memory of a page.</summary>
    public const long Bytes = Length * (long)(sizeof(int) + sizeof(long));

    /// <summary>The token that was drawn at each position.</summary>
    public int[] Tokens { get; } = new int[Length];

    /// <summary>The position that follows in the same text.</summary>
    public long[] Next { get; } = new long[Length];
}
