using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>
/// The successors that n-gram contexts have had, and their weights: for every order a table of hashed contexts, each one cache line of 16
/// values: a check of its hash (0 where empty), <see cref="Successors"/> tokens (-1 where fewer), their weights, and their sums of squared
/// gradients. A context that comes takes the place of the one that was there; among a context's successors the newest takes the place of the
/// one with the least weight.
/// </summary>
internal sealed unsafe class SuccessorTable : IDisposable
{
    /// <summary>Successors kept of a context.</summary>
    public const int Successors = 5;

    private const int Line = 16;
    private const int FirstToken = 1;
    private const int FirstWeight = FirstToken + Successors;
    private const int FirstSum = FirstWeight + Successors;

    private readonly AlignedBuffer<float> _buffer;
    private readonly int _contexts;

    /// <summary>Empty tables.</summary>
    /// <param name="orders">How many.</param>
    /// <param name="contexts">Contexts of each, a power of two.</param>
    public SuccessorTable(int orders, int contexts)
    {
        _contexts = contexts;
        Count = orders * contexts;
        _buffer = new AlignedBuffer<float>((long)Count * Line);
        Clear();
    }

    /// <summary>Contexts of all orders.</summary>
    public int Count { get; }

    /// <summary>Bytes of a table.</summary>
    public static long Bytes(int orders, int contexts) => 4L * Line * orders * contexts;

    /// <summary>Where a context of this hash is kept, whether it is there or not.</summary>
    public int Place(int order, uint hash) => order * _contexts + (int)(hash & (uint)(_contexts - 1));

    /// <summary>Whether the context in a place is that of this hash.</summary>
    public bool Holds(int place, uint hash) => At(place)[0] == Check(hash);

    /// <summary>Successors of the context in a place, from the first; -1 behind the last.</summary>
    public int Token(int place, int successor) => (int)At(place)[FirstToken + successor];

    /// <summary>Number of successors of the context in a place.</summary>
    public int Filled(int place)
    {
        int filled = 0;
        while (filled < Successors && Token(place, filled) >= 0) filled++;
        return filled;
    }

    /// <summary>A successor's weight.</summary>
    public ref float Weight(int place, int successor) => ref At(place)[FirstWeight + successor];

    /// <summary>Sum of a weight's squared gradients.</summary>
    public ref float Sum(int place, int successor) => ref At(place)[FirstSum + successor];

    /// <summary>Makes sure that a context is there and has a successor.</summary>
    public void Insert(int place, uint hash, int token)
    {
        float* line = At(place);
        if (line[0] != Check(hash)) Empty(line, Check(hash));
        int least = 0;
        for (int i = 0; i < Successors; i++)
        {
            int known = (int)line[FirstToken + i];
            if (known == token) return;
            if (known < 0)
            {
                least = i;
                break;
            }
            if (line[FirstWeight + i] < line[FirstWeight + least]) least = i;
        }
        line[FirstToken + least] = token;
        line[FirstWeight + least] = 0;
        line[FirstSum + least] = 0;
    }

    /// <summary>Copies a part of every line: checks, tokens, weights or sums.</summary>
    public void Read(SuccessorPart part, Span<float> destination)
    {
        var (first, width) = Columns(part);
        for (int i = 0; i < Count; i++) new ReadOnlySpan<float>(At(i) + first, width).CopyTo(destination[(i * width)..]);
    }

    /// <summary>Replaces a part of every line.</summary>
    public void Write(SuccessorPart part, ReadOnlySpan<float> values)
    {
        var (first, width) = Columns(part);
        for (int i = 0; i < Count; i++) values.Slice(i * width, width).CopyTo(new Span<float>(At(i) + first, width));
    }

    /// <summary>Values per context of a part.</summary>
    public static int Width(SuccessorPart part) => Columns(part).Width;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        for (int i = 0; i < Count; i++) Empty(At(i), 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    // Not the bits that choose the place, never 0, exact in f32.
    private static float Check(uint hash) => (hash >> 9) + 1;

    private static (int First, int Width) Columns(SuccessorPart part) => part switch
    {
        SuccessorPart.Check => (0, 1),
        SuccessorPart.Tokens => (FirstToken, Successors),
        SuccessorPart.Weights => (FirstWeight, Successors),
        _ => (FirstSum, Successors),
    };

    private static void Empty(float* line, float check)
    {
        new Span<float>(line, Line).Clear();
        line[0] = check;
        new Span<float>(line + FirstToken, Successors).Fill(-1);
    }

    private float* At(int place) => _buffer.Pointer + (nint)place * Line;
}
