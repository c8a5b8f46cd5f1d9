using System.Globalization;
using System.Text;

namespace Atlas.Modeling.Tokenization.Json;

/// <summary>Shows foreign text inside a one-line message.</summary>
internal static class OneLine
{
    private const int Longest = 60;

    /// <summary>
    /// The text without its line breaks and other invisible characters (they show as <c>\uXXXX</c>), cut after 60 characters.
    /// </summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder();
        foreach (var unit in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            var visible = char.GetUnicodeCategory(unit) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format or UnicodeCategory.Surrogate);
            if (visible) shown.Append(unit);
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
        }

        return text.Length > Longest ? shown.Append("...").ToString() : shown.ToString();
    }
}
