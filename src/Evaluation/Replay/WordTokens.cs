namespace Atlas.Evaluation.Replay;

/// <summary>
/// Words as tokens: a run of letters, digits and underscores, with one blank before it where there is one, or any other single character. Ids
/// are given out in the order in which words come. Memory grows with the number of distinct words.
/// </summary>
public sealed class WordTokens : ITraceTokens
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>An empty vocabulary.</summary>
    public WordTokens() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <inheritdoc/>
    public string Name => "words";

    /// <inheritdoc/>
    public int VocabularySize => Math.Max(1, _ids.Count);

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        var tokens = new List<int>(text.Length / 4 + 1);
        for (int at = 0; at < text.Length;)
        {
            int end = End(text, at);
            tokens.Add(IdOf(text.AsSpan(at, end - at)));
            at = end;
        }
        return [.. tokens];
    }

    private static int End(string text, int at)
    {
        int end = text[at] == ' ' ? at + 1 : at;
        while (end < text.Length && IsWord(text[end])) end++;
        return Math.Max(end, at + 1);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private int IdOf(ReadOnlySpan<char> word)
    {
        if (_lookup.TryGetValue(word, out int id)) return id;
        id = _ids.Count;
        _ids.Add(word.ToString(), id);
        return id;
    }
}
