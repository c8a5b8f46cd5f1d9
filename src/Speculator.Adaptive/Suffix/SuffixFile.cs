using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Atlas.Modeling;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// A store as bytes: its texts, oldest first, and nothing of the index, which is built anew from them (about a quarter of a second for a
/// million tokens). Little-endian: the magic, then for each text its length and its tokens as int32, a length of zero behind the last, and
/// the SHA-256 of all that.
/// </summary>
public static class SuffixFile
{
    private const int ChunkTokens = 4096;

    private static ReadOnlySpan<byte> Magic => "ATLASFX1"u8;

    /// <summary>Writes a store, running texts as far as they have come.</summary>
    public static void Save(SuffixStore store, Stream destination)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Write(Magic);
        Span<byte> length = stackalloc byte[sizeof(int)];
        byte[] tokens = new byte[ChunkTokens * sizeof(int)];
        foreach (var text in store.Texts())
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Count);
            Write(length);
            for (int at = 0; at < text.Count; at += ChunkTokens)
            {
                int count = Math.Min(ChunkTokens, text.Count - at);
                for (int i = 0; i < count; i++) BinaryPrimitives.WriteInt32LittleEndian(tokens.AsSpan(i * sizeof(int)), text[at + i]);
                Write(tokens.AsSpan(0, count * sizeof(int)));
            }
        }
        length.Clear();
        Write(length);
        destination.Write(hash.GetHashAndReset());

        void Write(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            destination.Write(bytes);
        }
    }

    /// <summary>
    /// Reads a store. Bytes are not trusted: whatever they hold, the result is a whole store of valid tokens or an error, and memory grows no
    /// faster than the bytes come.
    /// </summary>
    /// <param name="source">Read to the end of the store; what lies behind it is left there.</param>
    /// <param name="options">Of the new store; if it holds less than the file, the oldest texts are evicted.</param>
    /// <param name="vocabularySize">Tokens must be below this.</param>
    /// <exception cref="CheckpointException">The bytes are no store, are cut short or changed, or hold foreign tokens.</exception>
    public static SuffixStore Load(Stream source, SuffixStoreOptions options, int vocabularySize)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[ChunkTokens * sizeof(int)];
        if (!Read(Magic.Length).SequenceEqual(Magic)) throw new CheckpointException("suffix store: no such file; expected it to begin with ATLASFX1");
        var store = new SuffixStore(options);
        var text = new List<int>();
        while (ReadLength() is var length and > 0)
        {
            text.Clear();
            while (text.Count < length) ReadTokens(Math.Min(ChunkTokens, length - text.Count));
            var stream = store.Open();
            store.Extend(stream, CollectionsMarshal.AsSpan(text));
            store.Close(stream);
        }
        byte[] expected = hash.GetHashAndReset();
        if (!Read(expected.Length).SequenceEqual(expected)) throw new CheckpointException("suffix store: the checksum differs; the file was changed");
        return store;

        ReadOnlySpan<byte> Read(int count)
        {
            var read = bytes.AsSpan(0, count);
            if (source.ReadAtLeast(read, count, throwOnEndOfStream: false) < count) throw new CheckpointException("suffix store: the file is cut short");
            hash.AppendData(read);
            return read;
        }

        int ReadLength()
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(Read(sizeof(int)));
            return length >= 0 ? length : throw new CheckpointException($"suffix store: a text of {length} tokens; expected 0 or more");
        }

        void ReadTokens(int count)
        {
            var read = Read(count * sizeof(int));
            for (int i = 0; i < count; i++)
            {
                int token = BinaryPrimitives.ReadInt32LittleEndian(read[(i * sizeof(int))..]);
                if ((uint)token >= (uint)vocabularySize)
                    throw new CheckpointException($"suffix store: token {token}; expected 0 to {vocabularySize - 1}");
                text.Add(token);
            }
        }
    }
}
