using System.Numerics;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>
/// The newest positions of a token and the states before them, in a ring that doubles up to what a lookup compares. Keys lie beside each other, so
/// a lookup streams them from memory; keys that lie anywhere cost a wait for memory and for its address each, ten times as much. Not thread-safe.
/// </summary>
internal sealed class RecallChain
{
    private const int Fewest = 4;
    private const long ObjectBytes = 128;
    private const long BytesPerPosition = sizeof(long) + StateKey.Width;

    private readonly int _most;
    private long[] _positions = new long[Fewest];
    private sbyte[] _keys = new sbyte[Fewest * StateKey.Width];
    private long _appended;

    /// <summary>An empty chain.</summary>
    /// <param name="most">Positions it keeps at least, once it has grown; rounded up to a power of two.</param>
    public RecallChain(int most) => _most = Math.Max(Fewest, (int)BitOperations.RoundUpToPowerOf2((uint)most));

    /// <summary>Positions it holds.</summary>
    public int Count => (int)Math.Min(_appended, _positions.Length);

    /// <summary>Its memory, about.</summary>
    public long Bytes => ObjectBytes + _positions.Length * BytesPerPosition;

    /// <summary>The number of the newest position but so many: 0 to <see cref="Count"/> less one.</summary>
    public long Position(int age) => _positions[At(age)];

    /// <summary>The key of the newest position but so many.</summary>
    public ReadOnlySpan<sbyte> Key(int age) => _keys.AsSpan(At(age) * StateKey.Width, StateKey.Width);

    /// <summary>Appends a position; over the oldest, where it has grown to its most.</summary>
    public void Append(long position, ReadOnlySpan<sbyte> key)
    {
        if (_appended == _positions.Length && _positions.Length < _most) Resize(2 * _positions.Length, Count);
        _appended++;
        int at = At(0);
        _positions[at] = position;
        key.CopyTo(_keys.AsSpan(at * StateKey.Width, StateKey.Width));
    }

    /// <summary>Gives memory back that is four times what the newest need, or more; with it the others are dropped.</summary>
    /// <param name="kept">How many stay: up to <see cref="Count"/>.</param>
    public void Trim(int kept)
    {
        int needed = Math.Max(Fewest, (int)BitOperations.RoundUpToPowerOf2((uint)kept));
        if (4 * needed <= _positions.Length) Resize(needed, kept);
    }

    private int At(int age) => (int)(_appended - 1 - age) & (_positions.Length - 1);

    private void Resize(int length, int kept)
    {
        var (positions, keys) = (new long[length], new sbyte[length * StateKey.Width]);
        for (int i = 0; i < kept; i++)
        {
            positions[i] = Position(kept - 1 - i);
            Key(kept - 1 - i).CopyTo(keys.AsSpan(i * StateKey.Width));
        }
        (_positions, _keys, _appended) = (positions, keys, kept);
    }
}
