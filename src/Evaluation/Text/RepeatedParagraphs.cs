using System.Security.Cryptography;
using System.Text;

namespace Atlas.Evaluation.Text;

/// <summary>
/// Leaves out paragraphs (lines between blank lines) that an earlier text already had: licence headers, boilerplate of manual pages, copied
/// files. Short ones stay, for they repeat by nature.
/// </summary>
internal sealed class RepeatedParagraphs
{
    private const int ShortestDropped = 80;

    private readonly HashSet<UInt128> _seen = [];

    /// <summary>The text without paragraphs that were seen before; its own are seen from now on.</summary>
    public string Remove(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (string paragraph in text.Split("\n\n"))
        {
            if (paragraph.Length >= ShortestDropped && !_seen.Add(Key(paragraph))) continue;
            if (kept.Length > 0) kept.Append("\n\n");
            kept.Append(paragraph);
        }
        return kept.ToString();
    }

    // White space apart, so that another indentation is no other text.
    private static UInt128 Key(string paragraph)
    {
        string words = string.Join(' ', paragraph.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return BitConverter.ToUInt128(SHA256.HashData(Encoding.UTF8.GetBytes(words)));
    }
}
