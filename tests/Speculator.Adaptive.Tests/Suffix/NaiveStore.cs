using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

/// <summary>What a store without eviction should find, by looking at every token ever appended, in the order they were.</summary>
internal sealed class NaiveStore
{
    private readonly List<List<int>> _texts = [];
    private readonly List<(int Text, int Index)> _appended = [];

    public int Open()
    {
        _texts.Add([]);
        return _texts.Count - 1;
    }

    public ReadOnlySpan<int> Text(int text) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_texts[text]);

    public void Append(int text, int token)
    {
        _appended.Add((text, _texts[text].Count));
        _texts[text].Add(token);
    }

    /// <summary>Length and continuation of every earlier occurrence, in the order a store reports them.</summary>
    public List<(int Length, int[] Following)> Find(int text, IReadOnlyList<int> contexts, int depth, bool foreignOnly)
    {
        var found = new List<(int, int[])>();
        int end = _texts[text].Count - 1, above = int.MaxValue;
        for (int level = contexts.Count - 1; level >= 0; above = contexts[level--])
            for (int i = _appended.Count - 1; i >= 0; i--)
            {
                var (other, index) = _appended[i];
                if ((other == text && index == end) || (foreignOnly && other == text)) continue;
                int length = Match(text, end, other, index);
                if (length < contexts[level] || length >= above) continue;
                int[] following = Following(text, other, index, depth);
                if (following.Length > 0) found.Add((length, following));
            }
        return found;
    }

    private int Match(int a, int endA, int b, int endB)
    {
        int length = 0;
        while (length < SuffixStore.LongestMatch && length <= endA && length <= endB && _texts[a][endA - length] == _texts[b][endB - length]) length++;
        return length;
    }

    // At the end of the text that is looked up the occurrence repeats.
    private int[] Following(int text, int other, int index, int depth)
    {
        var rest = _texts[other].Skip(index + 1).Take(depth).ToList();
        int period = rest.Count;
        if (other == text && period > 0)
            while (rest.Count < depth)
                rest.Add(rest[^period]);
        return [.. rest];
    }
}
