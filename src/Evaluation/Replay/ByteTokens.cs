using System.Text;

namespace Atlas.Evaluation.Replay;

/// <summary>Every byte of the UTF-8 text is a token: needs no vocabulary, and drafts are short in characters. Stateless.</summary>
public sealed class ByteTokens : ITraceTokens
{
    /// <inheritdoc/>
    public string Name => "bytes";

    /// <inheritdoc/>
    public int VocabularySize => 256;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int[] tokens = new int[bytes.Length];
        for (int i = 0; i < bytes.Length; i++) tokens[i] = bytes[i];
        return tokens;
    }
}
