using System.IO.Compression;
using System.Text;

namespace Atlas.Evaluation.Text;

/// <summary>Reads one file of a package as text.</summary>
internal static class SourceFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The text with line feeds as line ends, no white space before them, at most one blank line in a row, and none at either end; null for
    /// what is left out: links (their target is a file of its own), what is too large, no UTF-8, not text, a table of numbers, or has too long
    /// a line.
    /// </summary>
    public static string? Read(string path, SourceFormat format, CorpusRecipe limits)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.LinkTarget is not null || info.Length > limits.MostFileBytes) return null;
        if (Bytes(path, limits.MostFileBytes) is not { } bytes) return null;
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        if (text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t' or '\f'))) return null;
        if (format == SourceFormat.Man) text = ManualPage.Render(text);
        text = Tidy(text);
        return text.Length == 0 || DigitShare(text) > limits.MostDigits || text.Split('\n').Any(line => line.Length > limits.LongestLine) ? null : text;
    }

    private static double DigitShare(string text) =>
        (double)text.Count(char.IsAsciiDigit) / text.Count(character => !char.IsWhiteSpace(character));

    // Null when there are more of them than asked for.
    private static byte[]? Bytes(string path, int most)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        byte[] buffer = new byte[most + 1];
        int length = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > most ? null : buffer[..length];
    }

    private static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        int blank = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Replace('\f', '\n').Split('\n'))
        {
            string content = line.TrimEnd();
            blank = content.Length == 0 ? blank + 1 : 0;
            if (blank <= 1) tidy.Append(content).Append('\n');
        }
        return tidy.ToString().Trim('\n');
    }
}
