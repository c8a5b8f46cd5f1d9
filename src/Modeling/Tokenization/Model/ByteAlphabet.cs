using System.Runtime.CompilerServices;

namespace Atlas.Modeling.Tokenization.Model;

/// <summary>
/// The characters that stand for bytes in byte-level vocabularies: printable Latin-1 stands for itself, the other 68 bytes take U+0100
/// onward in order (Radford et al., "Language Models are Unsupervised Multitask Learners", the released encoder).
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = BuildCharacters();
    private static readonly short[] Bytes = BuildBytes();

    /// <summary>The character for a byte.</summary>
    public static char ToCharacter(byte value) => Characters[value];

    /// <summary>The byte for a character; -1 when it stands for none.</summary>
    public static int ToByte(char character) => character < Bytes.Length ? Bytes[character] : -1;

    /// <summary>
    /// Writes what a token of a vocabulary means to <paramref name="bytes"/>, which needs its length, and returns how many bytes that took:
    /// its characters as bytes where all of them stand for one, its own UTF-8 otherwise.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int DecodeUtf8(ReadOnlySpan<byte> token, Span<byte> bytes)
    {
        var length = 0;
        for (var i = 0; i < token.Length; i++)
        {
            // All characters of the alphabet lie below U+0144 and take one or two bytes.
            int character = token[i];
            if (character is >= 0xC0 and < 0xE0) character = ((character & 0x1F) << 6) | (token[++i] & 0x3F);
            else if (character >= 0x80) character = char.MaxValue;
            var value = ToByte((char)character);
            if (value < 0)
            {
                token.CopyTo(bytes);
                return token.Length;
            }

            bytes[length++] = (byte)value;
        }

        return length;
    }

    /// <summary>
    /// Writes the UTF-8 of the token that stands for <paramref name="bytes"/> to <paramref name="token"/>, which needs twice their number,
    /// and returns how many bytes that took.
    /// </summary>
    public static int EncodeUtf8(ReadOnlySpan<byte> bytes, Span<byte> token)
    {
        var length = 0;
        foreach (var value in bytes)
        {
            var character = Characters[value];
            if (character < 0x80)
            {
                token[length++] = (byte)character;
                continue;
            }

            token[length++] = (byte)(0xC0 | (character >> 6));
            token[length++] = (byte)(0x80 | (character & 0x3F));
        }

        return length;
    }

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        var next = (char)0x100;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++) bytes[Characters[value]] = (short)value;
        return bytes;
    }
}
