using System.Numerics;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>
/// Positions of the texts of a namespace: the state that the target was in (its key), the token it drew there, and where the text went on. For
/// every token the positions that have it form a chain, newest first. When the store is full, the oldest positions are overwritten; links to
/// them are known by their numbers, so nothing else has to change. Grows by pages; appending and looking up allocate nothing else. Not
/// thread-safe.
/// </summary>
internal sealed class RecallStore : IBoundedStore
{
    /// <summary>No position.</summary>
    public const long None = -1;

    // Beyond so many ids, some tokens share a chain; looked at, others' positions are passed over.
    private const int MostChains = 1 << 16;

    private readonly RecallOptions _options;
    private readonly RecallPage?[] _pages;
    private readonly long[] _heads;
    private readonly long _mask;
    private readonly long[] _best;
    private readonly float[] _similarity;
    private long _pageBytes;

    /// <summary>An empty store.</summary>
    public RecallStore(RecallOptions options)
    {
        _options = options;
        long capacity = Math.Max(RecallPage.Length, (long)BitOperations.RoundUpToPowerOf2((uint)options.Capacity));
        _mask = capacity - 1;
        _pages = new RecallPage?[capacity >> RecallPage.Bits];
        _heads = new long[Math.Min(MostChains, (int)BitOperations.RoundUpToPowerOf2((uint)options.VocabularySize))];
        Array.Fill(_heads, None);
        (_best, _similarity) = (new long[options.Voters], new float[options.Voters]);
    }

    /// <summary>Positions it holds at most.</summary>
    public long Capacity => _mask + 1;

    /// <summary>Positions it has ever taken; the newest has this number less one.</summary>
    public long Appended { get; private set; }

    /// <inheritdoc/>
    public long Bytes => _pageBytes + _heads.Length * sizeof(long);

    /// <summary>Whether a position has been taken and not been overwritten.</summary>
    public bool Holds(long position) => position >= 0 && position < Appended && position >= Appended - Capacity;

    /// <summary>Appends a position and returns its number.</summary>
    /// <param name="before">The position before it in its text; <see cref="None"/> where a text begins.</param>
    /// <param name="key">The state, of <see cref="StateKey.Width"/>.</param>
    /// <param name="token">The token drawn from it.</param>
    public long Append(long before, ReadOnlySpan<sbyte> key, int token)
    {
        long position = Appended++;
        var page = Open(position);
        int at = At(position);
        key.CopyTo(page.Keys.AsSpan(at * StateKey.Width, StateKey.Width));
        ref long head = ref _heads[Chain(token)];
        (page.Tokens[at], page.Next[at], page.Previous[at]) = (token, None, head);
        head = position;
        if (Holds(before)) Page(before).Next[At(before)] = position;
        return position;
    }

    /// <summary>
    /// Finds the positions of the same token that are most similar to one of the store, and what followed each of them. Most similar first.
    /// </summary>
    /// <param name="position">It must be held.</param>
    /// <param name="matches">Cleared to the depth that is wanted; filled.</param>
    /// <param name="similarity">Filled: the cosine of each match's state and the position's.</param>
    public void Find(long position, MatchSet matches, Span<float> similarity)
    {
        int found = Compare(position);
        for (int i = 0; i < found; i++)
        {
            int match = matches.Add(0, 1, i);
            similarity[match] = _similarity[i];
            long next = NextOf(_best[i]);
            for (int depth = 0; depth < matches.Depth && Holds(next); depth++)
            {
                matches.Write(match, depth, new ReadOnlySpan<int>(in Page(next).Tokens[At(next)]));
                next = NextOf(next);
            }
        }
    }

    /// <summary>What is wrong with a link, or null where all lead where they should; for tests.</summary>
    public string? CheckIntegrity()
    {
        for (long position = Math.Max(0, Appended - Capacity); position < Appended; position++)
        {
            var page = Page(position);
            long next = page.Next[At(position)], previous = page.Previous[At(position)], head = _heads[Chain(page.Tokens[At(position)])];
            if (next != None && (next <= position || next >= Appended)) return $"position {position} is followed by {next}";
            if (previous >= position) return $"position {position} has {previous} before it on its chain";
            if (Holds(previous) && Chain(Page(previous).Tokens[At(previous)]) != Chain(page.Tokens[At(position)])) return $"position {position} is on the chain of {previous}";
            if (head < position || head >= Appended) return $"position {position} is on a chain that begins at {head}";
        }
        return null;
    }

    // The most similar of the same token that something follows, best first; returns how many.
    private int Compare(long position)
    {
        var page = Page(position);
        int token = page.Tokens[At(position)], found = 0;
        var key = page.Keys.AsSpan(At(position) * StateKey.Width, StateKey.Width);
        long other = page.Previous[At(position)];
        for (int compared = 0; compared < _options.MostCompared && Holds(other); compared++)
        {
            page = Page(other);
            int at = At(other);
            if (page.Tokens[at] == token && page.Next[at] != None)
            {
                float similarity = StateKey.Similarity(key, page.Keys.AsSpan(at * StateKey.Width, StateKey.Width));
                if (found < _best.Length || similarity > _similarity[found - 1]) found = Insert(other, similarity, found);
            }
            other = page.Previous[at];
        }
        return found;
    }

    // Of equally similar positions the newer, which came first, stays ahead.
    private int Insert(long position, float similarity, int found)
    {
        int at = found < _best.Length ? found++ : found - 1;
        for (; at > 0 && _similarity[at - 1] < similarity; at--) (_best[at], _similarity[at]) = (_best[at - 1], _similarity[at - 1]);
        (_best[at], _similarity[at]) = (position, similarity);
        return found;
    }

    private int Chain(int token) => token & (_heads.Length - 1);

    private long NextOf(long position) => Page(position).Next[At(position)];

    private RecallPage Page(long position) => _pages[(position & _mask) >> RecallPage.Bits]!;

    private RecallPage Open(long position)
    {
        ref var page = ref _pages[(position & _mask) >> RecallPage.Bits];
        if (page is not null) return page;
        _pageBytes += RecallPage.Bytes;
        return page = new RecallPage();
    }

    private static int At(long position) => (int)position & (RecallPage.Length - 1);
}
