using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// The newest position of every context, by the context's hash. A bucket is one cache line: ten positions, their tags of twenty bits
/// (sixteen together, where one comparison finds them, and four above the position), and a clock hand that picks whom a full bucket gives up (the second-chance rule). So an access is one line whatever happens, and an entry that
/// was given up costs a chain its older end and nothing else. The table doubles without a pause: an old bucket splits in two by its
/// tags' next bit when it is used, and a few do with every <see cref="Advance"/>.
/// </summary>
internal sealed class ContextTable
{
    /// <summary>No position.</summary>
    public const int None = -1;

    /// <summary>Entries of a bucket.</summary>
    public const int Ways = 10;

    /// <summary>Most doublings: each takes one of the tag's bits.</summary>
    public const int MostDoublings = 8;

    /// <summary>Positions are below this.</summary>
    public const int MostPositions = 1 << PositionBits;

    // Ten positions, ten tags of half an integer each, and the state: used entries, hand, second chances, and whether the bucket has split.
    private const int Ints = 16;
    private const int Tags = Ways;
    private const int State = 15;
    private const int HandShift = 4;
    private const int ChanceShift = 8;
    private const int Split = 1 << 30;
    private const int PositionBits = 28;
    private const int SplitsPerAdvance = 2;

    private readonly int _firstBuckets;
    private readonly int _mostDoublings;
    private int _doublings;
    private AlignedInts _buckets;
    private AlignedInts? _old;
    private int _cursor;

    /// <summary>An empty table.</summary>
    /// <param name="buckets">Buckets at first.</param>
    /// <param name="doublings">How often it may double.</param>
    public ContextTable(int buckets, int doublings)
    {
        _firstBuckets = buckets;
        _mostDoublings = doublings;
        _buckets = new AlignedInts(buckets * Ints);
        _buckets.Span.Clear();
    }

    /// <summary>Buckets it has.</summary>
    public int Buckets => _firstBuckets << _doublings;

    /// <summary>Memory held.</summary>
    public long Bytes => _buckets.Bytes + (_old?.Bytes ?? 0);

    /// <summary>Makes <paramref name="position"/> a context's newest and returns the one before it, or <see cref="None"/>.</summary>
    public int Exchange(ulong hash, int position)
    {
        ref int bucket = ref Bucket(hash);
        ref int state = ref Unsafe.Add(ref bucket, State);
        ushort tag = Tag(hash);
        uint upper = (uint)(hash >> 16) << PositionBits;
        for (uint same = EntriesWith(ref bucket, tag) & ((1u << (state & 15)) - 1); same != 0; same &= same - 1)
        {
            int entry = BitOperations.TrailingZeroCount(same);
            uint previous = (uint)Unsafe.Add(ref bucket, entry) ^ upper;
            if (previous >= MostPositions) continue;
            Unsafe.Add(ref bucket, entry) = (int)((uint)position | upper);
            state |= 1 << (ChanceShift + entry);
            return (int)previous;
        }
        int free = (state & 15) < Ways ? state++ & 15 : GiveUp(ref state);
        Unsafe.Add(ref bucket, free) = (int)((uint)position | upper);
        TagOf(ref bucket, free) = tag;
        return None;
    }

    /// <summary>Asks the memory for what <see cref="Exchange"/> will touch, and returns without waiting.</summary>
    public unsafe void Prefetch(ulong hash)
    {
        if (!Sse.IsSupported) return;
        int bucket = IndexOf(hash);
        Sse.Prefetch0(Unsafe.AsPointer(ref _buckets[bucket * Ints]));
        if (_old is { } old) Sse.Prefetch0(Unsafe.AsPointer(ref old[(bucket >> 1) * Ints]));
    }

    /// <summary>Splits some old buckets; begins to double when the store has more tokens than <paramref name="tokensPerBucket"/> allows.</summary>
    public void Advance(long tokens, float tokensPerBucket)
    {
        if (_old is { } old)
        {
            int count = Buckets / 2, end = Math.Min(_cursor + SplitsPerAdvance, count);
            for (; _cursor < end; _cursor++) SplitBucket(old, _cursor);
            if (_cursor == count) _old = null;
        }
        else if (_doublings < _mostDoublings && tokens > Buckets * tokensPerBucket)
        {
            (_old, _cursor) = (_buckets, 0);
            _doublings++;
            _buckets = new AlignedInts(Buckets * Ints);
        }
    }

    /// <summary>Empties it; its size stays.</summary>
    public void Clear()
    {
        _old = null;
        _buckets.Span.Clear();
    }

    /// <summary>One line that says what is wrong, or null: every entry is a position below <paramref name="end"/>, every tag in its bucket.</summary>
    public string? Fault(int end)
    {
        if (_old is { } old)
            for (int bucket = 0; bucket < Buckets / 2; bucket++)
                SplitBucket(old, bucket);
        for (int index = 0; index < Buckets; index++)
        {
            ref int bucket = ref _buckets[index * Ints];
            int used = Unsafe.Add(ref bucket, State) & 15;
            if (used > Ways) return $"bucket {index} has {used} entries";
            for (int entry = 0; entry < used; entry++)
            {
                int position = Unsafe.Add(ref bucket, entry) & (MostPositions - 1), tag = TagOf(ref bucket, entry);
                if (position >= end) return $"bucket {index} holds position {position} of {end}";
                if (tag >> (16 - _doublings) != (index & ((1 << _doublings) - 1))) return $"bucket {index} holds tag {tag:x4}";
            }
        }
        return null;
    }

    private static uint EntriesWith(ref int bucket, ushort tag)
    {
        // The last eight integers of the bucket: two positions, the ten tags, the state.
        var halves = Vector256.LoadUnsafe(ref Unsafe.As<int, ushort>(ref Unsafe.Add(ref bucket, Tags - 2)));
        return Vector256.Equals(halves, Vector256.Create(tag)).ExtractMostSignificantBits() >> 4;
    }

    private static ref ushort TagOf(ref int bucket, int entry) => ref Unsafe.Add(ref Unsafe.As<int, ushort>(ref Unsafe.Add(ref bucket, Tags)), entry);

    // Moves the hand to the first entry that was not used since the hand last passed it.
    private static int GiveUp(ref int state)
    {
        int hand = state >> HandShift & 15;
        while ((state >> (ChanceShift + hand) & 1) != 0)
        {
            state &= ~(1 << (ChanceShift + hand));
            hand = hand + 1 == Ways ? 0 : hand + 1;
        }
        int next = hand + 1 == Ways ? 0 : hand + 1;
        state = (state & ~(15 << HandShift)) | next << HandShift;
        return hand;
    }

    private static ushort Tag(ulong hash) => (ushort)hash;

    private int IndexOf(ulong hash) => (int)((hash >> 32) * (ulong)_firstBuckets >> 32) << _doublings | Tag(hash) >> (16 - _doublings);

    private ref int Bucket(ulong hash)
    {
        int bucket = IndexOf(hash);
        if (_old is { } old) SplitBucket(old, bucket >> 1);
        return ref _buckets[bucket * Ints];
    }

    private void SplitBucket(AlignedInts old, int index)
    {
        ref int from = ref old[index * Ints];
        int state = Unsafe.Add(ref from, State);
        if ((state & Split) != 0) return;
        Unsafe.Add(ref from, State) = state | Split;
        ref int lower = ref _buckets[index * 2 * Ints];
        ref int upper = ref Unsafe.Add(ref lower, Ints);
        MemoryMarshal.CreateSpan(ref lower, 2 * Ints).Clear();
        for (int entry = 0; entry < (state & 15); entry++)
        {
            ushort tag = TagOf(ref from, entry);
            ref int to = ref (tag >> (16 - _doublings) & 1) == 0 ? ref lower : ref upper;
            int free = Unsafe.Add(ref to, State)++ & 15;
            Unsafe.Add(ref to, free) = Unsafe.Add(ref from, entry);
            TagOf(ref to, free) = tag;
        }
    }
}
