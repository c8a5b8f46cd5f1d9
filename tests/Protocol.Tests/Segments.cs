using System.Buffers;

namespace Atlas.Protocol.Tests;

/// <summary>Bytes as a sequence of several pieces, as sockets deliver them.</summary>
internal static class Segments
{
    /// <summary>Pieces that end before each of the given offsets, which rise, and at the end; empty pieces are allowed.</summary>
    public static ReadOnlySequence<byte> Split(byte[] data, params int[] offsets)
    {
        Piece? first = null, last = null;
        int start = 0;
        foreach (int end in offsets.Append(data.Length))
        {
            last = new Piece(data.AsMemory(start, end - start), last);
            first ??= last;
            start = end;
        }
        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    /// <summary>A piece for every byte.</summary>
    public static ReadOnlySequence<byte> Single(byte[] data) => Split(data, [.. Enumerable.Range(0, data.Length)]);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
