using System.Numerics;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>
/// Positions of the texts of a namespace: the state that the target was in (its key), the token it drew there, and where the text went on. The
/// newest positions of every token are a <see cref="RecallChain"/>. When the store is full, the oldest positions are overwritten; links to them are
/// known by their numbers, so nothing else has to change, and once in a while chains let go of them. Grows by pages and chains; appending and looking
/// up allocate nothing else. Not thread-safe.
/// </summary>
internal sealed class RecallStore : IBoundedStore
{
    /// <summary>No position.</summary>
    public const long None = -1;

    // Beyond so many ids, some tokens share a chain; looked at, others' positions are passed over.
    private const int MostChains = 1 << 16;

    private readonly RecallOptions _options;
    private readonly RecallPage?[] _pages;
    private readonly RecallChain?[] _chains;
    private readonly long _mask;
    private readonly long[] _best;
    private readonly float[] _similarity;
    private long _grownBytes;

    /// <summary>An empty store.</summary>
    public RecallStore(RecallOptions options)
    {
        _options = options;
        long capacity = Math.Max(RecallPage.Length, (long)BitOperations.RoundUpToPowerOf2((uint)options.Capacity));
        _mask = capacity - 1;
        _pages = new RecallPage?[capacity >> RecallPage.Bits];
        _chains = new RecallChain?[Math.Min(MostChains, (int)BitOperations.RoundUpToPowerOf2((uint)options.VocabularySize))];
        (_best, _similarity) = (new long[options.Voters], new float[options.Voters]);
    }

    /// <summary>Positions it holds at most.</summary>
    public long Capacity => _mask + 1;

    /// <summary>Positions it has ever taken; the newest has this number less one.</summary>
    public long Appended { get; private set; }

    /// <inheritdoc/>
    public long Bytes => _grownBytes + (long)_chains.Length * IntPtr.Size;

    /// <summary>Whether a position has been taken and not been overwritten.</summary>
    public bool Holds(long position) => position >= 0 && position < Appended && position >= Appended - Capacity;

    /// <summary>Appends a position and returns its number.</summary>
    /// <param name="before">The position before it in its text; <see cref="None"/> where a text begins.</param>
    /// <param name="key">The state, of <see cref="StateKey.Width"/>.</param>
    /// <param name="token">The token drawn from it.</param>
    public long Append(long before, ReadOnlySpan<sbyte> key, int token)
    {
        long position = Appended++;
        if ((position & _mask) == 0) TrimChains();
        var page = Open(position);
        int at = At(position);
        (page.Tokens[at], page.Next[at]) = (token, None);
        var chain = OpenChain(token);
        _grownBytes -= chain.Bytes;
        chain.Append(position, key);
        _grownBytes += chain.Bytes;
        if (Holds(before)) Page(before).Next[At(before)] = position;
        return position;
    }

    /// <summary>
    /// Finds the positions of the same token whose states are most similar to one's, and what followed each of them. Most similar first.
    /// </summary>
    /// <param name="position">Whose token it is; it must be held.</param>
    /// <param name="key">The state before it.</param>
    /// <param name="matches">Cleared to the depth that is wanted; filled.</param>
    /// <param name="similarity">Filled: the cosine of each match's state and the position's.</param>
    public void Find(long position, ReadOnlySpan<sbyte> key, MatchSet matches, Span<float> similarity)
    {
        int found = Compare(position, key);
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

    /// <summary>What is wrong with a link or a chain, or null where all lead where they should; for tests.</summary>
    public string? CheckIntegrity()
    {
        long bytes = _pages.Count(page => page is not null) * RecallPage.Bytes + _chains.Sum(chain => chain?.Bytes ?? 0);
        if (bytes != _grownBytes) return $"{_grownBytes} bytes are counted where {bytes} are held";
        for (long position = Math.Max(0, Appended - Capacity); position < Appended; position++)
        {
            long next = NextOf(position);
            if (next != None && (next <= position || next >= Appended)) return $"position {position} is followed by {next}";
            if (_chains[Chain(TokenOf(position))] is null) return $"position {position} has no chain";
        }
        for (int chain = 0; chain < _chains.Length; chain++)
            if (CheckChain(chain) is { } fault)
                return fault;
        return null;
    }

    private string? CheckChain(int index)
    {
        if (_chains[index] is not { } chain) return null;
        for (int age = 0; age < chain.Count; age++)
        {
            long position = chain.Position(age);
            if (position >= Appended) return $"chain {index} has position {position}, which was never appended";
            if (age > 0 && position >= chain.Position(age - 1)) return $"chain {index} has position {position} behind {chain.Position(age - 1)}";
            if (Holds(position) && Chain(TokenOf(position)) != index) return $"position {position} is on chain {index}";
        }
        return null;
    }

    // The most similar of the same token that something follows, best first; returns how many.
    private int Compare(long position, ReadOnlySpan<sbyte> key)
    {
        int token = TokenOf(position), found = 0;
        var chain = _chains[Chain(token)]!;
        int left = Math.Min(_options.MostCompared, chain.Count);
        for (int age = 0; age < left; age++)
        {
            float similarity = StateKey.Similarity(key, chain.Key(age));
            if (found == _best.Length && similarity <= _similarity[found - 1]) continue;
            long other = chain.Position(age);
            if (!Holds(other)) break;
            if (TokenOf(other) == token && NextOf(other) != None) found = Insert(other, similarity, found);
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

    // Once for every time that all positions have been overwritten: a token of former traffic gives its memory back.
    private void TrimChains()
    {
        for (int i = 0; i < _chains.Length; i++)
        {
            if (_chains[i] is not { } chain) continue;
            int held = 0;
            while (held < chain.Count && Holds(chain.Position(held))) held++;
            _grownBytes -= chain.Bytes;
            if (held == 0) _chains[i] = null;
            else chain.Trim(held);
            _grownBytes += _chains[i]?.Bytes ?? 0;
        }
    }

    private int Chain(int token) => token & (_chains.Length - 1);

    private int TokenOf(long position) => Page(position).Tokens[At(position)];

    private long NextOf(long position) => Page(position).Next[At(position)];

    private RecallPage Page(long position) => _pages[(position & _mask) >> RecallPage.Bits]!;

    private RecallPage Open(long position)
    {
        ref var page = ref _pages[(position & _mask) >> RecallPage.Bits];
        if (page is not null) return page;
        _grownBytes += RecallPage.Bytes;
        return page = new RecallPage();
    }

    private RecallChain OpenChain(int token)
    {
        ref var chain = ref _chains[Chain(token)];
        if (chain is not null) return chain;
        chain = new RecallChain(_options.MostCompared);
        _grownBytes += chain.Bytes;
        return chain;
    }

    private static int At(long position) => (int)position & (RecallPage.Length - 1);
}
