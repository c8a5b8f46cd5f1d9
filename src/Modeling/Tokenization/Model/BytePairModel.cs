using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Atlas.Modeling.Tokenization.Model;

/// <summary>
/// Byte-level byte-pair encoding (Sennrich et al., arXiv 1508.07909): a piece starts as its bytes, and the neighbours with the lowest rank
/// merge, the leftmost first, until none do. Safe for any number of threads.
/// </summary>
internal sealed class BytePairModel
{
    // Up to here it is faster to look through all ranks for each merge than to keep a queue.
    private const int LongestScanned = 96;

    private readonly int[] _byteTokens;
    private readonly MergeTable _merges;
    private readonly Utf8Index? _wholePieces;
    private readonly PieceCache _cache = new();

    /// <summary>
    /// A model whose bytes are the 256 tokens of <paramref name="byteTokens"/>. Where <paramref name="wholePieces"/> is given, a piece that is
    /// a token in it is that token, however it would merge (<c>ignore_merges</c>).
    /// </summary>
    public BytePairModel(int[] byteTokens, MergeTable merges, Utf8Index? wholePieces)
    {
        _byteTokens = byteTokens;
        _merges = merges;
        _wholePieces = wholePieces;
    }

    /// <summary>Appends the tokens of a piece of well-formed text, which is not empty, to <paramref name="output"/>.</summary>
    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        if (piece.Length > PieceCache.LongestPiece)
        {
            EncodeUncached(piece, output);
            return;
        }

        if (_cache.TryGet(piece, out var known))
        {
            output.AddRange(known);
            return;
        }

        var first = output.Count;
        EncodeUncached(piece, output);
        _cache.Put(piece, CollectionsMarshal.AsSpan(output)[first..]);
    }

    private void EncodeUncached(ReadOnlySpan<char> piece, List<int> output)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(piece.Length));
        var bytes = rented.AsSpan(0, Encoding.UTF8.GetBytes(piece, rented));
        var whole = _wholePieces is null ? -1 : FindWhole(_wholePieces, bytes);
        if (whole >= 0) output.Add(whole);
        else if (bytes.Length <= LongestScanned) MergeByScanning(bytes, output);
        else MergeByQueue(bytes, output);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static int FindWhole(Utf8Index tokens, ReadOnlySpan<byte> bytes)
    {
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        var found = tokens.Find(rented.AsSpan(0, ByteAlphabet.EncodeUtf8(bytes, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return found;
    }

    private void MergeByScanning(ReadOnlySpan<byte> bytes, List<int> output)
    {
        Span<int> symbols = stackalloc int[bytes.Length];
        for (var i = 0; i < symbols.Length; i++) symbols[i] = _byteTokens[bytes[i]];
        Span<long> merges = stackalloc long[bytes.Length - 1];
        for (var i = 0; i < merges.Length; i++) merges[i] = _merges.Find(symbols[i], symbols[i + 1]);
        while (!merges.IsEmpty)
        {
            var best = 0;
            for (var i = 1; i < merges.Length; i++)
                if (merges[i] < merges[best]) best = i;
            if (merges[best] == MergeTable.None) break;
            symbols[best] = MergeTable.Merged(merges[best]);
            symbols[(best + 2)..].CopyTo(symbols[(best + 1)..]);
            symbols = symbols[..^1];
            merges[(best + 1)..].CopyTo(merges[best..]);
            merges = merges[..^1];
            if (best > 0) merges[best - 1] = _merges.Find(symbols[best - 1], symbols[best]);
            if (best < merges.Length) merges[best] = _merges.Find(symbols[best], symbols[best + 1]);
        }

        output.AddRange(symbols);
    }

    private void MergeByQueue(ReadOnlySpan<byte> bytes, List<int> output)
    {
        const int gone = -1;
        var count = bytes.Length;
        var symbols = new int[count];
        var next = new int[count];
        var previous = new int[count];
        for (var i = 0; i < count; i++)
        {
            symbols[i] = _byteTokens[bytes[i]];
            next[i] = i + 1;
            previous[i] = i - 1;
        }

        // Entries are (rank, position); one whose pair has changed since is recognised by its rank and dropped.
        var queue = new PriorityQueue<int, long>();
        void Push(int position)
        {
            var right = next[position];
            if (right == count) return;
            var merge = _merges.Find(symbols[position], symbols[right]);
            if (merge != MergeTable.None) queue.Enqueue(position, ((long)MergeTable.Rank(merge) << 32) | (uint)position);
        }

        for (var i = 0; i < count; i++) Push(i);
        while (queue.TryDequeue(out var position, out var priority))
        {
            var right = next[position];
            if (symbols[position] == gone || right == count) continue;
            var merge = _merges.Find(symbols[position], symbols[right]);
            if (merge == MergeTable.None || MergeTable.Rank(merge) != (int)(priority >> 32)) continue;
            symbols[position] = MergeTable.Merged(merge);
            symbols[right] = gone;
            next[position] = next[right];
            if (next[position] < count) previous[next[position]] = position;
            if (previous[position] >= 0) Push(previous[position]);
            Push(position);
        }

        for (var i = 0; i < count; i = next[i]) output.Add(symbols[i]);
    }
}
