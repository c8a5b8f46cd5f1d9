using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// The texts of a store in blocks of 64 tokens, so that texts which grow at the same time each stay in one piece. A block knows the blocks
/// before and behind it in its text. Blocks are handed out in a circle: when the store is full the oldest one that nobody is writing to is
/// taken, and its tokens are gone. A text begins with a separator, so that the rest of a block whose text has ended can go to the next text.
/// </summary>
internal sealed class TokenBlocks
{
    /// <summary>No block, no position.</summary>
    public const int None = -1;

    /// <summary>What stands before a text's first token; no token equals it.</summary>
    public const int Separator = -1;

    /// <summary>Tokens in a block.</summary>
    public const int Size = 1 << Bits;

    private const int Bits = 6;
    private const int Mask = Size - 1;

    // A rest of a block this short is not worth a separator.
    private const int LeastRest = 8;

    private readonly PagedRecords _tokens;
    private readonly int _most;
    private Block[] _blocks = [];
    private int _count;
    private int _cursor;
    private int _open;
    private int _rest = None;

    /// <summary>An empty arena for at most <paramref name="capacity"/> tokens.</summary>
    public TokenBlocks(int capacity, int pageBits)
    {
        _most = (capacity + Mask) >> Bits;
        _tokens = new PagedRecords(1, pageBits);
    }

    /// <summary>Blocks in use.</summary>
    public int Count => _count;

    /// <summary>Tokens and separators that can be found.</summary>
    public long Stored { get; private set; }

    /// <summary>Memory held.</summary>
    public long Bytes => _tokens.Bytes + (long)_blocks.Length * Unsafe.SizeOf<Block>();

    /// <summary>The token at a position.</summary>
    public int this[int position] => _tokens.First(position);

    /// <summary>Where the token at a position lies.</summary>
    public ref int First(int position) => ref _tokens.First(position);

    /// <summary>Whether a block was ever taken from an older text.</summary>
    public bool HasEvicted { get; private set; }

    /// <summary>Tokens of a position's block up to and including it; a span of the block's beginning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Before(int position) => MemoryMarshal.CreateReadOnlySpan(ref _tokens.First(position & ~Mask), (position & Mask) + 1);

    /// <summary>Tokens of a position's block from it on, as far as they are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> From(int position)
    {
        int length = _blocks[position >> Bits].Length - (position & Mask);
        return length <= 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref _tokens.First(position), length);
    }

    /// <summary>The last position of the block before a position's block in its text, or <see cref="None"/>.</summary>
    public int PreviousEnd(int position)
    {
        int previous = _blocks[position >> Bits].Previous;
        return previous == None ? None : (previous << Bits) + Mask;
    }

    /// <summary>The first position of the block behind a position's block in its text, or <see cref="None"/>.</summary>
    public int NextStart(int position)
    {
        int next = _blocks[position >> Bits].Next;
        return next == None ? None : next << Bits;
    }

    /// <summary>The stream that wrote to a position's block last.</summary>
    public int Owner(int position) => _blocks[position >> Bits].Owner;

    /// <summary>Whether a position holds something.</summary>
    public bool IsWritten(int position) =>
        position >= 0 && position >> Bits < _count && (position & Mask) < _blocks[position >> Bits].Length;

    /// <summary>Appends a token to a stream and returns its position, or <see cref="None"/> when every block is being written to.</summary>
    public int Append(SuffixStream stream, int token)
    {
        if (stream.Block == None && !Begin(stream)) return None;
        if (_blocks[stream.Block].Length == Size && !Continue(stream)) return None;
        return Write(stream.Block, token);
    }

    /// <summary>Ends a stream: its last block may be taken from now on.</summary>
    public void Close(SuffixStream stream)
    {
        if (stream.Block == None) return;
        ref var block = ref _blocks[stream.Block];
        block.IsOpen = false;
        _open--;
        if (Size - block.Length >= LeastRest) _rest = stream.Block;
        stream.Block = None;
    }

    /// <summary>Forgets every text. Memory is kept.</summary>
    public void Clear()
    {
        (_count, _cursor, _open, _rest, Stored, HasEvicted) = (0, 0, 0, None, 0, false);
    }

    /// <summary>
    /// The first block of each text, or piece of a text whose beginning is gone, oldest block first, with the offset of its first token or
    /// separator.
    /// </summary>
    public IEnumerable<int> Pieces()
    {
        for (int i = 0; i < _count; i++)
        {
            int block = (_cursor + i) % _count;
            if (_blocks[block].Previous == None && _blocks[block].Length > 0 && this[block << Bits] != Separator) yield return block << Bits;
            for (int offset = 0; offset < _blocks[block].Length; offset++)
                if (this[(block << Bits) + offset] == Separator)
                    yield return (block << Bits) + offset;
        }
    }

    /// <summary>One line that says what is wrong, or null when all invariants hold.</summary>
    public string? Fault()
    {
        int open = 0;
        long stored = 0;
        for (int i = 0; i < _count; i++)
        {
            ref readonly var block = ref _blocks[i];
            stored += block.Length;
            if (block.IsOpen) open++;
            if (block.Length is < 0 or > Size) return $"block {i} holds {block.Length} tokens";
            if (block.Next != None && (block.Next >= _count || _blocks[block.Next].Previous != i)) return $"block {i}: {block.Next} does not follow it";
            if (block.Previous != None && (block.Previous >= _count || _blocks[block.Previous].Next != i))
                return $"block {i}: {block.Previous} does not precede it";
            if (block.Next != None && block.Length != Size) return $"block {i} has a next one and holds only {block.Length} tokens";
            if (block.Previous == i || block.Next == i) return $"block {i} is its own neighbour";
            for (int offset = 0; offset < block.Length; offset++)
                if (this[(i << Bits) + offset] < Separator)
                    return $"block {i} holds {this[(i << Bits) + offset]} at {offset}";
        }
        if (open != _open) return $"{open} blocks are open; {_open} were counted";
        if (stored != Stored) return $"{stored} tokens are stored; {Stored} were counted";
        if (_rest != None && (_rest >= _count || _blocks[_rest].IsOpen)) return $"block {_rest} has no rest to give";
        return _count > _most ? $"{_count} blocks; at most {_most}" : null;
    }

    private bool Begin(SuffixStream stream)
    {
        int block = _rest;
        if (block == None && (block = Take()) == None) return false;
        _rest = None;
        Open(stream, block);
        stream.First = Write(block, Separator);
        return true;
    }

    private bool Continue(SuffixStream stream)
    {
        int last = stream.Block, block = Take();
        if (block == None) return false;
        _blocks[last].IsOpen = false;
        _open--;
        Open(stream, block);
        _blocks[last].Next = block;
        _blocks[block].Previous = last;
        return true;
    }

    private void Open(SuffixStream stream, int block)
    {
        stream.Block = block;
        _blocks[block].IsOpen = true;
        _blocks[block].Owner = stream.Id;
        _open++;
    }

    private int Write(int block, int token)
    {
        int position = (block << Bits) + _blocks[block].Length++;
        _tokens.First(position) = token;
        Stored++;
        return position;
    }

    // The next block of the circle that nobody is writing to, emptied.
    private int Take()
    {
        if (_count < _most)
        {
            if (_count == _blocks.Length) Array.Resize(ref _blocks, Math.Min(Math.Max(16, _count * 2), _most));
            _tokens.Reserve((_count << Bits) + Mask);
            _blocks[_count] = new Block { Previous = None, Next = None };
            return _count++;
        }
        if (_open == _count) return None;
        while (_blocks[_cursor].IsOpen) _cursor = (_cursor + 1) % _count;
        int block = _cursor;
        _cursor = (_cursor + 1) % _count;
        Evict(block);
        return block;
    }

    private void Evict(int block)
    {
        ref var evicted = ref _blocks[block];
        if (evicted.Previous != None) _blocks[evicted.Previous].Next = None;
        if (evicted.Next != None) _blocks[evicted.Next].Previous = None;
        Stored -= evicted.Length;
        HasEvicted = true;
        if (_rest == block) _rest = None;
        evicted = new Block { Previous = None, Next = None };
    }

    private struct Block
    {
        public int Previous;
        public int Next;
        public int Length;
        public int Owner;
        public bool IsOpen;
    }
}
