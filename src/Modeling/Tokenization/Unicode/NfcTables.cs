namespace Atlas.Modeling.Tokenization.Unicode;

/// <summary>The tables of canonical normalization in the form the algorithm looks them up in; Hangul is computed, not stored.</summary>
internal static class NfcTables
{
    /// <summary>First code point of the Hangul syllables, of which there are <see cref="HangulCount"/>.</summary>
    public const int HangulBase = 0xAC00;

    /// <summary>Number of Hangul syllables.</summary>
    public const int HangulCount = 11172;

    /// <summary>First leading consonant (jamo L), of which there are 19.</summary>
    public const int LeadBase = 0x1100;

    /// <summary>First vowel (jamo V), of which there are 21.</summary>
    public const int VowelBase = 0x1161;

    /// <summary>One before the first trailing consonant (jamo T), of which there are 27.</summary>
    public const int TrailBase = 0x11A7;

    /// <summary>Number of leading consonants.</summary>
    public const int LeadCount = 19;

    /// <summary>Number of vowels.</summary>
    public const int VowelCount = 21;

    /// <summary>Number of trailing consonants, counting the absent one.</summary>
    public const int TrailCount = 28;

    private static readonly CharacterTable CombiningClasses = BuildClasses();
    private static readonly Dictionary<int, int[]> Decompositions = BuildDecompositions();
    private static readonly Dictionary<(int First, int Second), int> Compositions = BuildCompositions();

    /// <summary>The combining class of a code point, renumbered from 1 in order; 0 for a starter.</summary>
    public static byte CombiningClass(int codePoint) => CombiningClasses[codePoint];

    /// <summary>The full canonical decomposition of a code point that is no Hangul syllable; empty when it stands for itself.</summary>
    public static ReadOnlySpan<int> Decomposition(int codePoint) =>
        Decompositions.TryGetValue(codePoint, out var parts) ? parts : [];

    /// <summary>The primary composite of a pair, Hangul included; -1 when there is none.</summary>
    public static int Compose(int first, int second)
    {
        var lead = first - LeadBase;
        var vowel = second - VowelBase;
        if ((uint)lead < LeadCount && (uint)vowel < VowelCount) return HangulBase + ((lead * VowelCount) + vowel) * TrailCount;
        var syllable = first - HangulBase;
        var trail = second - TrailBase;
        if ((uint)syllable < HangulCount && syllable % TrailCount == 0 && trail > 0 && trail < TrailCount) return first + trail;
        return Compositions.GetValueOrDefault((first, second), -1);
    }

    /// <summary>
    /// The code points without which a text is surely in NFC: those with a combining class, those that compose with what precedes them, and
    /// those that decompose and do not compose back.
    /// </summary>
    public static List<int> Unsettled()
    {
        List<int> unsettled =
        [
            .. Compositions.Keys.Select(pair => pair.Second),
            .. Decompositions.Keys.Except(Compositions.Values),
            .. Enumerable.Range(VowelBase, VowelCount),
            .. Enumerable.Range(TrailBase + 1, TrailCount - 1),
        ];
        var marks = UnicodeData.CombiningClass;
        for (var i = 0; i < marks.Length; i += 3) unsettled.AddRange(Enumerable.Range(marks[i + 1], marks[i + 2] - marks[i + 1] + 1));
        return unsettled;
    }

    private static CharacterTable BuildClasses()
    {
        var values = new byte[0x110000];
        var ranges = UnicodeData.CombiningClass;
        for (var i = 0; i < ranges.Length; i += 3) values.AsSpan(ranges[i + 1]..(ranges[i + 2] + 1)).Fill((byte)ranges[i]);
        return new CharacterTable(values);
    }

    private static Dictionary<int, int[]> BuildDecompositions()
    {
        var map = new Dictionary<int, int[]>();
        var data = UnicodeData.Decomposition;
        for (var i = 0; i < data.Length; i += 2 + data[i + 1]) map.Add(data[i], data.Slice(i + 2, data[i + 1]).ToArray());
        return map;
    }

    private static Dictionary<(int First, int Second), int> BuildCompositions()
    {
        var map = new Dictionary<(int, int), int>();
        var data = UnicodeData.Composition;
        for (var i = 0; i < data.Length; i += 3) map.Add((data[i], data[i + 1]), data[i + 2]);
        return map;
    }
}
