using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// One record of a few integers per position, in pages that are added as the store grows and never move: growing copies nothing. Records are
/// not cleared; whoever reads one has written it.
/// </summary>
/// <param name="stride">Integers per record.</param>
/// <param name="pageBits">A page has 2 to this power records.</param>
internal sealed class PagedRecords(int stride, int pageBits)
{
    private readonly int _mask = (1 << pageBits) - 1;
    private int[][] _pages = [];
    private int _count;

    /// <summary>Positions there is room for.</summary>
    public int Capacity => _count << pageBits;

    /// <summary>Memory held.</summary>
    public long Bytes => (long)Capacity * stride * sizeof(int);

    /// <summary>Adds pages until a position has room.</summary>
    public void Reserve(int position)
    {
        while (position >= Capacity)
        {
            if (_count == _pages.Length) Array.Resize(ref _pages, Math.Max(4, _count * 2));
            _pages[_count++] = GC.AllocateUninitializedArray<int>(stride << pageBits);
        }
    }

    /// <summary>The record of a position.</summary>
    public Span<int> this[int position] => MemoryMarshal.CreateSpan(ref First(position), stride);

    /// <summary>The first integer of a position's record; the records behind it on its page follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int First(int position) => ref _pages[position >> pageBits][(position & _mask) * stride];
}
