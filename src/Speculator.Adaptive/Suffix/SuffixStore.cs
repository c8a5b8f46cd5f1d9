using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// Texts, and for every position the earlier positions that ended the same context: for each of a few context lengths a chain of occurrences,
/// newest first. Appending a token costs one table access per context length and finds the chains on the way; a lookup walks them, compares
/// tokens and keeps the most recent occurrences of the longest contexts. Nothing in the index is trusted: a slot or link that points to text
/// which has been overwritten is found out by comparing tokens, so eviction updates nothing. Memory is bounded; no operation rebuilds
/// anything. Allocates only where it grows. Not thread-safe.
/// </summary>
/// <remarks>docs/suffix.md has the structures that were weighed against this one, and the figures.</remarks>
public sealed class SuffixStore : IBoundedStore
{
    /// <summary>Matches are measured up to this length.</summary>
    public const int LongestMatch = 32;

    private const ulong Base = 0x9e3779b97f4a7c15;
    private const ulong Scramble = 0xd6e8feb86659fd93;

    private readonly int[] _contexts;
    private readonly ulong[] _outgoing;
    private readonly TokenBlocks _blocks;
    private readonly PagedRecords _links;
    private readonly ContextTable _table;
    private readonly float _tokensPerBucket;
    private int _streams;

    /// <summary>An empty store.</summary>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public SuffixStore(SuffixStoreOptions options)
    {
        options.Validate();
        Options = options;
        _contexts = [.. options.ContextLengths];
        _outgoing = [.. _contexts.Select(length => Power(Base, length))];
        _blocks = new TokenBlocks(options.Capacity, options.PageBits);
        _links = new PagedRecords(_contexts.Length, options.PageBits);
        // The table begins a few doublings below its full size: the size it has when the store is full is the one the options ask for.
        int buckets = (int)Math.Ceiling(options.Capacity / options.TokensPerBucket), doublings = 0;
        for (; doublings < ContextTable.MostDoublings && buckets > 256; doublings++) buckets = (buckets + 1) / 2;
        _tokensPerBucket = options.TokensPerBucket;
        _table = new ContextTable(buckets, doublings);
    }

    /// <summary>What it was made with.</summary>
    public SuffixStoreOptions Options { get; }

    /// <summary>Tokens it holds now, one separator per text included.</summary>
    public long Stored => _blocks.Stored;

    /// <summary>Tokens it has ever taken.</summary>
    public long Appended { get; private set; }

    /// <summary>Memory it holds now, tokens and index.</summary>
    public long Bytes => _blocks.Bytes + _links.Bytes + _table.Bytes;

    /// <summary>Begins a text.</summary>
    public SuffixStream Open() => new(_streams++);

    /// <summary>
    /// Appends what <paramref name="text"/> has beyond the tokens that the stream has taken already. At most one table access per context
    /// length and token.
    /// </summary>
    /// <param name="stream">Opened by this store.</param>
    /// <param name="text">All of the text; its beginning is what was passed before. No token is negative.</param>
    public void Extend(SuffixStream stream, ReadOnlySpan<int> text)
    {
        while (stream.Length < text.Length && stream.IsOpen)
        {
            int position = _blocks.Append(stream, text[stream.Length]);
            stream.Last = position;
            if (position < 0)
            {
                // More texts grow at once than the store has blocks.
                Close(stream);
                return;
            }
            _links.Reserve(position);
            Index(stream, text, position);
        }
    }

    /// <summary>Ends a text. It stays findable until it is evicted.</summary>
    public void Close(SuffixStream stream)
    {
        if (!stream.IsOpen) return;
        _blocks.Close(stream);
        stream.Last = TokenBlocks.None;
        stream.IsOpen = false;
    }

    /// <summary>
    /// Asks the memory for what <see cref="Extend"/> with the same text will touch, and returns without waiting: the lines of all its contexts are then
    /// under way together, where appending would wait for one after the other. For a few tokens at a time.
    /// </summary>
    /// <param name="stream">Opened by this store.</param>
    /// <param name="text">As for <see cref="Extend"/>.</param>
    public void PrefetchExtend(SuffixStream stream, ReadOnlySpan<int> text)
    {
        if (!stream.IsOpen || !Sse.IsSupported) return;
        Prefetch(stream.Last);
        var hashes = stream.Hashes;
        for (int at = stream.Length; at < text.Length; at++)
        {
            ulong incoming = Scrambled(text[at]);
            for (int level = 0; level < _contexts.Length; level++)
            {
                hashes[level] = Rolled(hashes[level], incoming, text, at, level);
                if (at + 1 >= _contexts[level]) _table.Prefetch(Finished(hashes[level], level));
            }
        }
    }

    /// <summary>
    /// Asks the memory for what <see cref="Find"/> will read first, and returns without waiting. Worth it a few hundred nanoseconds before.
    /// </summary>
    public void Prefetch(SuffixStream stream)
    {
        if (stream.Last < 0) return;
        foreach (int position in _links[stream.Last]) Prefetch(position);
    }

    /// <summary>
    /// Adds to <paramref name="matches"/> where the stream's last tokens occurred before: longest contexts first, and among those that share
    /// a chain the most recent, until the set or its share for this store is full.
    /// </summary>
    /// <param name="stream">A stream of this store, extended to the end of <paramref name="text"/>.</param>
    /// <param name="text">The same text that the stream was extended with.</param>
    /// <param name="matches">Takes the occurrences and what follows them.</param>
    /// <param name="limits">How many, and how far chains are walked.</param>
    public void Find(SuffixStream stream, ReadOnlySpan<int> text, MatchSet matches, in MatchLimits limits)
    {
        int last = stream.Last;
        if (last < 0) return;
        int begin = matches.Count, most = Math.Min(MatchSet.MostMatches, begin + limits.Matches);
        int above = int.MaxValue;
        for (int level = _contexts.Length - 1; level >= 0; level--)
        {
            int context = _contexts[level];
            int position = _links[last][level];
            int rank = 0;
            for (int step = 0; position >= 0 && step < limits.Steps && matches.Count < most; step++)
            {
                // Asked for early, so that it is under way while tokens are compared.
                int next = Unsafe.Add(ref _links.First(position), level);
                Prefetch(next);
                int length = MatchLength(text, position);
                // Longer ones were found on the chain above; shorter ones share a slot by chance, or are what overwrote an old occurrence.
                if (length >= context && length < above && !(limits.ForeignOnly && IsOwn(stream, position)) && !(_blocks.HasEvicted && matches.Contains(begin, position)))
                    Add(matches, stream, position, length, rank++);
                position = next;
            }
            above = context;
            if (matches.Count - begin >= limits.Enough || matches.Count == most) break;
        }
    }

    /// <summary>
    /// One line that says which invariant does not hold, or null when all do: blocks and texts hang together, every slot and link is a
    /// position or none, and no chain leads from a position to itself. Reads all of the store.
    /// </summary>
    public string? CheckIntegrity() => _blocks.Fault() ?? _table.Fault(_blocks.Count * TokenBlocks.Size) ?? FaultInLinks();

    /// <summary>Empties the store; its memory stays. Streams opened before are closed to it.</summary>
    internal void Clear()
    {
        _blocks.Clear();
        _table.Clear();
    }

    /// <summary>The texts it holds, pieces of evicted ones included, oldest first, each into a list that the next one overwrites.</summary>
    internal IEnumerable<List<int>> Texts()
    {
        var text = new List<int>();
        foreach (int start in _blocks.Pieces())
        {
            text.Clear();
            int position = start;
            if (_blocks[position] == TokenBlocks.Separator) position = Next(position);
            for (; position >= 0 && _blocks[position] != TokenBlocks.Separator; position = Next(position)) text.Add(_blocks[position]);
            if (text.Count > 0) yield return text;
        }
    }

    private unsafe void Prefetch(int position)
    {
        if (position < 0 || !Sse.IsSupported) return;
        Sse.Prefetch0(Unsafe.AsPointer(ref _links.First(position)));
        Sse.Prefetch0(Unsafe.AsPointer(ref _blocks.First(position)));
    }

    private void Index(SuffixStream stream, ReadOnlySpan<int> text, int position)
    {
        int at = stream.Length++;
        Appended++;
        ulong incoming = Scrambled(text[at]);
        ref int link = ref _links.First(position);
        for (int level = 0; level < _contexts.Length; level++)
        {
            int context = _contexts[level];
            ulong hash = stream.Hashes[level] = Rolled(stream.Hashes[level], incoming, text, at, level);
            int previous = at + 1 >= context ? _table.Exchange(Finished(hash, level), position) : ContextTable.None;
            // The slot may still hold what stood at this very position before it was overwritten.
            Unsafe.Add(ref link, level) = previous == position ? ContextTable.None : previous;
        }
        _table.Advance(_blocks.Stored, _tokensPerBucket);
    }

    // The hash of the context that ends at a position of a text, from that of the one before it.
    private ulong Rolled(ulong hash, ulong incoming, ReadOnlySpan<int> text, int at, int level)
    {
        hash = hash * Base + incoming;
        int context = _contexts[level];
        return at >= context ? hash - Scrambled(text[at - context]) * _outgoing[level] : hash;
    }

    // The number of tokens, up to the longest match, that end both the text and what is stored up to a position.
    private int MatchLength(ReadOnlySpan<int> text, int position)
    {
        int most = Math.Min(text.Length, LongestMatch), length = 0;
        while (true)
        {
            var stored = _blocks.Before(position);
            int compared = Math.Min(stored.Length, most - length);
            int same = CommonEnd(text[..^length], stored, compared);
            length += same;
            if (same < compared || length == most) return length;
            position = _blocks.PreviousEnd(position);
            if (position < 0) return length;
        }
    }

    private static int CommonEnd(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int most)
    {
        ref int endA = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), a.Length);
        ref int endB = ref Unsafe.Add(ref MemoryMarshal.GetReference(b), b.Length);
        int same = 0;
        for (; same + Vector256<int>.Count <= most; same += Vector256<int>.Count)
        {
            var x = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref endA, same + Vector256<int>.Count));
            var y = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref endB, same + Vector256<int>.Count));
            uint different = ~Vector256.Equals(x, y).ExtractMostSignificantBits() & 0xff;
            if (different != 0) return same + BitOperations.LeadingZeroCount(different) - 24;
        }
        while (same < most && Unsafe.Subtract(ref endA, same + 1) == Unsafe.Subtract(ref endB, same + 1)) same++;
        return same;
    }

    // The stream's first block may begin with the end of another text.
    private bool IsOwn(SuffixStream stream, int position) =>
        _blocks.Owner(position) == stream.Id && (position / TokenBlocks.Size != stream.First / TokenBlocks.Size || position > stream.First);

    private void Add(MatchSet matches, SuffixStream stream, int position, int length, int rank)
    {
        int next = Next(position);
        if (next < 0) return;
        int match = matches.Add(position, length, rank), filled = 0;
        // What follows in the text, over its blocks, up to its end or the next text's beginning.
        while (next >= 0 && filled < matches.Depth)
        {
            var run = _blocks.From(next);
            bool reachesLast = stream.Last - next == run.Length - 1;
            if (run.Length > matches.Depth - filled) run = run[..(matches.Depth - filled)];
            int end = run.IndexOf(TokenBlocks.Separator);
            matches.Write(match, filled, end < 0 ? run : run[..end]);
            filled += run.Length;
            if (end >= 0 || run.IsEmpty) return;
            if (reachesLast)
            {
                // The text is a repetition so far; that it goes on repeating is as good as any other continuation.
                for (int period = filled, token; filled < matches.Depth; filled++)
                {
                    token = matches.Following(match, filled - period);
                    matches.Write(match, filled, new ReadOnlySpan<int>(in token));
                }
                return;
            }
            next = _blocks.NextStart(next);
        }
    }

    private int Next(int position)
    {
        int next = position + 1;
        if ((next & (TokenBlocks.Size - 1)) == 0) next = _blocks.NextStart(position);
        return _blocks.IsWritten(next) ? next : TokenBlocks.None;
    }

    private string? FaultInLinks()
    {
        int end = _blocks.Count * TokenBlocks.Size;
        for (int position = 0; position < end; position++)
        {
            if (!_blocks.IsWritten(position) || _blocks[position] == TokenBlocks.Separator) continue;
            foreach (int link in _links[position])
                if (link < ContextTable.None || link >= end || link == position)
                    return $"position {position} links to {link}";
        }
        return null;
    }

    // Level apart from level, and every bit of the result from every bit of the context (the finisher of SplitMix64).
    private static ulong Finished(ulong hash, int level)
    {
        hash += (ulong)level << 56;
        hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ hash >> 27) * 0x94d049bb133111eb;
        return hash ^ hash >> 31;
    }

    private static ulong Scrambled(int token) => ((ulong)(uint)token + 1) * Scramble;

    private static ulong Power(ulong number, int exponent)
    {
        ulong power = 1;
        for (int i = 0; i < exponent; i++) power *= number;
        return power;
    }
}
