using System.Numerics;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>
/// Where the newest tokens of a text have stood before within its window: what followed there may follow here. Of each token that followed, the
/// longest match. A hard, exact form of the induction that attention with a copy mixture learns (pointer networks, arXiv 1506.03134).
/// </summary>
internal sealed class CopyMatches
{
    private const int Most = 8;

    private readonly int[] _tokens = new int[Most];
    private readonly int[] _lengths = new int[Most];

    /// <summary>Tokens found.</summary>
    public int Count { get; private set; }

    /// <summary>Length of the longest match; 0 where there is none.</summary>
    public int Longest { get; private set; }

    /// <summary>A token that followed a match.</summary>
    public int Token(int index) => _tokens[index];

    /// <summary>Length of its longest match, at most <see cref="SharedWeights.LongestMatch"/>.</summary>
    public int Length(int index) => _lengths[index];

    /// <summary>Looks for matches, newest first.</summary>
    /// <param name="text">The window, oldest first; the last token is the newest.</param>
    public void Find(ReadOnlySpan<float> text)
    {
        Count = 0;
        Longest = 0;
        int last = text.Length - 1, width = Vector<float>.Count, end = last;
        var newest = new Vector<float>(text[last]);
        for (; end >= width; end -= width)
        {
            var block = new Vector<float>(text.Slice(end - width, width));
            if (!Vector.EqualsAny(block, newest)) continue;
            for (int i = end - 1; i >= end - width; i--) Try(text, i, last);
        }
        for (int i = end - 1; i >= 0; i--) Try(text, i, last);
    }

    private void Try(ReadOnlySpan<float> text, int at, int last)
    {
        if (text[at] != text[last]) return;
        int length = 1, most = Math.Min(SharedWeights.LongestMatch, at + 1);
        while (length < most && text[at - length] == text[last - length] && text[at - length] >= 0) length++;
        Longest = Math.Max(Longest, length);
        Add((int)text[at + 1], length);
    }

    private void Add(int token, int length)
    {
        int place = Array.IndexOf(_tokens, token, 0, Count);
        if (place >= 0)
        {
            _lengths[place] = Math.Max(_lengths[place], length);
            return;
        }
        if (Count < Most)
        {
            place = Count++;
        }
        else
        {
            place = 0;
            for (int i = 1; i < Most; i++)
                if (_lengths[i] < _lengths[place])
                    place = i;
            if (_lengths[place] >= length) return;
        }
        (_tokens[place], _lengths[place]) = (token, length);
    }
}
