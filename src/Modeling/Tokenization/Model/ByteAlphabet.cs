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
    /// What a token of the vocabulary means in bytes: its characters as bytes where all of them stand for one, its own UTF-8 otherwise.
    /// </summary>
    public static byte[] Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = ToByte(token[i]);
            if (value < 0) return System.Text.Encoding.UTF8.GetBytes(token);
            bytes[i] = (byte)value;
        }

        return bytes;
    }

    /// <summary>The token that stands for <paramref name="bytes"/> in a vocabulary.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var token = new char[bytes.Length];
        for (var i = 0; i < token.Length; i++) token[i] = Characters[bytes[i]];
        return new string(token);
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
