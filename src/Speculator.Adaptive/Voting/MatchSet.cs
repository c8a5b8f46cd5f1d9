using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atlas.Speculator.Adaptive.Voting;

/// <summary>
/// Occurrences of a context, each with the length of its match and the tokens that followed it. Reused from lookup to lookup; filling it
/// allocates nothing. Not thread-safe.
/// </summary>
/// <remarks>The tokens lie by depth, those of all occurrences side by side, so that a vote is a few vector comparisons.</remarks>
public sealed class MatchSet
{
    /// <summary>Stands for a token where a text has ended.</summary>
    public const int None = -1;

    /// <summary>Most occurrences a set can hold: they are the bits of a word.</summary>
    public const int MostMatches = 32;

    private readonly int[] _lengths = new int[MostMatches];
    private readonly int[] _ranks = new int[MostMatches];
    private readonly int[] _positions = new int[MostMatches];
    private readonly int[] _tokens;

    /// <summary>An empty set.</summary>
    /// <param name="mostFollowing">Tokens kept of what followed an occurrence: the deepest draft.</param>
    public MatchSet(int mostFollowing)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostFollowing);
        MostFollowing = mostFollowing;
        _tokens = new int[MostMatches * mostFollowing];
    }

    /// <summary>Tokens it can keep of what followed an occurrence.</summary>
    public int MostFollowing { get; }

    /// <summary>Occurrences it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens kept behind each occurrence in this lookup; at most <see cref="MostFollowing"/>.</summary>
    public int Depth { get; private set; }

    /// <summary>The matches' lengths, one per place of the set; those from <see cref="Count"/> on mean nothing.</summary>
    internal ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Empties the set, for a lookup that keeps <paramref name="depth"/> tokens behind each occurrence.</summary>
    public void Clear(int depth)
    {
        Count = 0;
        Depth = Math.Min(depth, MostFollowing);
        _tokens.AsSpan(0, Depth * MostMatches).Fill(None);
    }

    /// <summary>Tokens that end both the context and the text up to an occurrence.</summary>
    public int Length(int match) => _lengths[match];

    /// <summary>How many more recent occurrences came from the same chain.</summary>
    public int Rank(int match) => _ranks[match];

    /// <summary>The token that followed an occurrence at a depth, 0 for the first; -1 where its text had ended.</summary>
    public int Following(int match, int depth) => depth < Depth ? _tokens[depth * MostMatches + match] : None;

    /// <summary>The tokens of all occurrences at a depth below <see cref="Depth"/>, one per place of the set.</summary>
    internal ReadOnlySpan<int> Row(int depth) => _tokens.AsSpan(depth * MostMatches, MostMatches);

    /// <summary>Whether one of the occurrences from index <paramref name="first"/> on is at a position.</summary>
    internal bool Contains(int first, int position) => _positions.AsSpan(first, Count - first).Contains(position);

    /// <summary>Adds an occurrence that nothing follows yet, and returns its index.</summary>
    internal int Add(int position, int length, int rank)
    {
        (_positions[Count], _lengths[Count], _ranks[Count]) = (position, length, rank);
        return Count++;
    }

    /// <summary>Writes what follows an occurrence, from a depth on.</summary>
    internal void Write(int match, int depth, ReadOnlySpan<int> tokens)
    {
        ref int to = ref MemoryMarshal.GetArrayDataReference(_tokens);
        for (int i = 0, at = depth * MostMatches + match; i < tokens.Length; i++, at += MostMatches)
            Unsafe.Add(ref to, at) = tokens[i];
    }
}
