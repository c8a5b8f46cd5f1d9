namespace Atlas.Modeling.Tokenization.Model;

/// <summary>
/// Remembers what short pieces of text encode to. Every piece has one place, where the latest one stays, so memory is bounded and neither
/// reading nor writing takes a lock: an entry is immutable and published by a single reference write. Safe for any number of threads.
/// </summary>
internal sealed class PieceCache
{
    /// <summary>Longer pieces, in chars, are not kept.</summary>
    public const int LongestPiece = 48;

    private const int Places = 1 << 14;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>The tokens of a piece, if it is remembered.</summary>
    public bool TryGet(ReadOnlySpan<char> piece, out ReadOnlySpan<int> tokens)
    {
        var entry = Volatile.Read(ref _entries[Place(piece)]);
        if (entry is null || !piece.SequenceEqual(entry.Piece))
        {
            tokens = default;
            return false;
        }

        tokens = entry.Tokens;
        return true;
    }

    /// <summary>Remembers a piece in the stead of whatever had its place.</summary>
    public void Put(ReadOnlySpan<char> piece, ReadOnlySpan<int> tokens) =>
        Volatile.Write(ref _entries[Place(piece)], new Entry(piece.ToString(), tokens.ToArray()));

    private static int Place(ReadOnlySpan<char> piece) => string.GetHashCode(piece) & (Places - 1);

    private sealed record Entry(string Piece, int[] Tokens);
}
