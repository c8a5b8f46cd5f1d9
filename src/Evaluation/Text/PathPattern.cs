using System.Text;
using System.Text.RegularExpressions;

namespace Atlas.Evaluation.Text;

/// <summary>A pattern of whole paths, see <see cref="CorpusSource.Files"/>.</summary>
internal sealed class PathPattern
{
    private readonly Regex _expression;

    public PathPattern(string pattern)
    {
        var expression = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            bool twice = pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*';
            expression.Append(pattern[i] switch
            {
                '*' when twice => ".*",
                '*' => "[^/]*",
                '?' => "[^/]",
                var character => Regex.Escape(character.ToString()),
            });
            if (twice) i++;
        }
        _expression = new Regex(expression.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    public bool Matches(string path) => _expression.IsMatch(path);
}
