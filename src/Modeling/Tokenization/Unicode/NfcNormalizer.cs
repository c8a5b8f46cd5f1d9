using System.Text;

namespace Atlas.Modeling.Tokenization.Unicode;

/// <summary>
/// Normalization form C (Unicode Standard Annex #15): decompose, put marks in canonical order, compose. It has tables of its own because
/// the runtime's needs ICU, which user machines may lack, and follows another version of Unicode than Hugging Face's tokenizers.
/// </summary>
internal static class NfcNormalizer
{
    /// <summary>The NFC of well-formed <paramref name="text"/>; the same characters without a copy where a quick look shows them settled.</summary>
    public static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (IsSettled(text)) return text;
        var codePoints = Decompose(text);
        Compose(codePoints);
        var result = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var codePoint in codePoints) result.Append(units[..new Rune(codePoint).EncodeToUtf16(units)]);
        return result.ToString();
    }

    private static bool IsSettled(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\u0300', '\uFFFF'); i >= 0 && i < text.Length;)
        {
            if ((CodePoint.FlagsAt(text, i, out var length) & CharacterFlags.NfcMaybe) != 0) return false;
            i += length;
        }

        return true;
    }

    private static List<int> Decompose(ReadOnlySpan<char> text)
    {
        var output = new List<int>(text.Length + 16);
        for (var i = 0; i < text.Length;)
        {
            var codePoint = CodePoint.At(text, i, out var length);
            i += length;
            var syllable = codePoint - NfcTables.HangulBase;
            if ((uint)syllable < NfcTables.HangulCount)
            {
                DecomposeHangul(syllable, output);
                continue;
            }

            var parts = NfcTables.Decomposition(codePoint);
            if (parts.IsEmpty) output.Add(codePoint);
            else output.AddRange(parts);
        }

        SortMarks(output);
        return output;
    }

    private static void DecomposeHangul(int syllable, List<int> output)
    {
        var pair = syllable / NfcTables.TrailCount;
        output.Add(NfcTables.LeadBase + (pair / NfcTables.VowelCount));
        output.Add(NfcTables.VowelBase + (pair % NfcTables.VowelCount));
        var trail = syllable % NfcTables.TrailCount;
        if (trail > 0) output.Add(NfcTables.TrailBase + trail);
    }

    private static void SortMarks(List<int> codePoints)
    {
        for (var start = 0; start < codePoints.Count; start++)
        {
            if (NfcTables.CombiningClass(codePoints[start]) == 0) continue;
            var end = start + 1;
            while (end < codePoints.Count && NfcTables.CombiningClass(codePoints[end]) != 0) end++;
            if (end - start > 1)
            {
                // Marks of one class must keep their order: LINQ's sort is stable.
                var sorted = codePoints.GetRange(start, end - start).OrderBy(NfcTables.CombiningClass).ToArray();
                for (var i = 0; i < sorted.Length; i++) codePoints[start + i] = sorted[i];
            }

            start = end;
        }
    }

    private static void Compose(List<int> codePoints)
    {
        var starter = -1;
        var lastClass = 0;
        var count = 0;
        for (var i = 0; i < codePoints.Count; i++)
        {
            var codePoint = codePoints[i];
            int combiningClass = NfcTables.CombiningClass(codePoint);

            // A mark is blocked from its starter by a mark of its own class or above, a starter by anything in between.
            var adjacent = starter == count - 1;
            if (starter >= 0 && (adjacent || (lastClass < combiningClass && lastClass != 0)))
            {
                var composite = NfcTables.Compose(codePoints[starter], codePoint);
                if (composite >= 0)
                {
                    codePoints[starter] = composite;
                    continue;
                }
            }

            if (combiningClass == 0) starter = count;
            lastClass = combiningClass;
            codePoints[count++] = codePoint;
        }

        codePoints.RemoveRange(count, codePoints.Count - count);
    }
}
