using System.Buffers;

namespace Atlas.Modeling.Tokenization;

/// <summary>Finds a set of strings in a text: the leftmost first, of those that begin there the longest. Immutable.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<string> _any;
    private readonly Dictionary<char, (string Pattern, AddedToken Token)[]> _byFirst;

    /// <summary>Looks for <paramref name="patterns"/>: not empty, none of them twice.</summary>
    public AddedTokenMatcher(IReadOnlyCollection<(string Pattern, AddedToken Token)> patterns)
    {
        _any = SearchValues.Create([.. patterns.Select(p => p.Pattern)], StringComparison.Ordinal);
        _byFirst = patterns.GroupBy(p => p.Pattern[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(p => p.Pattern.Length).ToArray());
    }

    /// <summary>The first match at or behind <paramref name="from"/>; null when there is none.</summary>
    public AddedToken? Next(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        start = end = text.Length;
        var found = text[from..].IndexOfAny(_any);
        if (found < 0) return null;
        start = from + found;
        foreach (var (pattern, token) in _byFirst[text[start]])
        {
            if (!text[start..].StartsWith(pattern, StringComparison.Ordinal)) continue;
            end = start + pattern.Length;
            return token;
        }

        throw new InvalidOperationException("the search found a pattern that does not match where it was found");
    }
}
