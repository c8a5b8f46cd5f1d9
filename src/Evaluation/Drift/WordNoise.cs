using System.Text;

namespace Atlas.Evaluation.Drift;

/// <summary>Puts random words in the place of some of a text's; what stands between words stays.</summary>
internal static class WordNoise
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The text with that part of its words replaced, each by one of the same length.</summary>
    public static string Apply(string text, double part, DriftDraws draws)
    {
        if (part <= 0) return text;
        var noisy = new StringBuilder(text);
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) end++;
            if (end > at && draws.Uniform() < part)
                for (int i = at; i < end; i++)
                    noisy[i] = Letters[draws.Below(Letters.Length)];
            at = Math.Max(end, at + 1);
        }
        return noisy.ToString();
    }
}
