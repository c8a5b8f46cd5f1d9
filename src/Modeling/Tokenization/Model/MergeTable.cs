using System.Runtime.CompilerServices;

namespace Atlas.Modeling.Tokenization.Model;

/// <summary>
/// Which two neighbouring tokens merge, how early, and into what: an open-addressing hash table. Filled by one thread, then read by any.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>What <see cref="Find"/> returns for a pair that does not merge; it sorts behind every merge.</summary>
    public const long None = long.MaxValue;

    private readonly ulong[] _pairs;
    private readonly long[] _merges;

    /// <summary>An empty table for at most <paramref name="capacity"/> merges.</summary>
    public MergeTable(int capacity)
    {
        var slots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, capacity * 2));
        _pairs = new ulong[slots];
        _merges = new long[slots];
        Array.Fill(_merges, None);
    }

    /// <summary>Adds a merge; false, changing nothing, when the pair has one already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryAdd(int left, int right, int rank, int merged)
    {
        var pair = Pair(left, right);
        var slot = FindSlot(pair);
        if (_merges[slot] != None) return false;
        _pairs[slot] = pair;
        _merges[slot] = ((long)rank << 32) | (uint)merged;
        return true;
    }

    /// <summary>The merge of a pair: its rank in the upper half, the merged token in the lower, so that merges compare by rank.</summary>
    public long Find(int left, int right) => _merges[FindSlot(Pair(left, right))];

    /// <summary>The rank of a merge (not <see cref="None"/>); lower ranks merge first.</summary>
    public static int Rank(long merge) => (int)(merge >> 32);

    /// <summary>The token that a merge (not <see cref="None"/>) produces.</summary>
    public static int Merged(long merge) => (int)merge;

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindSlot(ulong pair)
    {
        var mask = _pairs.Length - 1;
        for (var slot = (int)((pair * 0x9E3779B97F4A7C15) >> 32) & mask; ; slot = (slot + 1) & mask)
            if (_merges[slot] == None || _pairs[slot] == pair) return slot;
    }
}
