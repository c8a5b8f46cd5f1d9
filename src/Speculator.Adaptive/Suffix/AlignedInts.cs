using System.Runtime.InteropServices;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>Integers whose first lies at the beginning of a cache line. Not cleared when made.</summary>
internal sealed class AlignedInts
{
    private const int LineInts = 64 / sizeof(int);

    private readonly int[] _integers;
    private readonly int _first;

    /// <summary>Room for <paramref name="length"/> integers.</summary>
    public AlignedInts(int length)
    {
        // Pinned, or the collector would move them out of line.
        _integers = GC.AllocateUninitializedArray<int>(checked(length + LineInts), pinned: true);
        Length = length;
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_integers, 0);
        _first = (int)((64 - (address & 63)) & 63) / sizeof(int);
    }

    /// <summary>How many there are.</summary>
    public int Length { get; }

    /// <summary>Memory held.</summary>
    public long Bytes => (long)_integers.Length * sizeof(int);

    /// <summary>All of them.</summary>
    public Span<int> Span => _integers.AsSpan(_first, Length);

    /// <summary>One of them; those behind it follow.</summary>
    public ref int this[int index] => ref _integers[_first + index];
}
