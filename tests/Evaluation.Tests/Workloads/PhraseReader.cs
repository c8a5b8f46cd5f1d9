using System.Text.RegularExpressions;

namespace Atlas.Evaluation.Tests.Workloads;

/// <summary>Finds what a phrase's placeholders stand for, the way back from filling the phrase.</summary>
internal static class PhraseReader
{
    // A block of code has lines; all else stays within a sentence.
    private const string Code = "(?s:.+?)";
    private const string Value = @"(?:(?![.!:]\s).)+?";

    /// <summary>The values by key, of a phrase that makes up the whole text.</summary>
    public static Dictionary<string, string> Read(string phrase, string text) => Match(phrase, $@"\A{Pattern(phrase)}\z", text);

    /// <summary>The values by key, of a phrase that is a sentence in the text.</summary>
    public static Dictionary<string, string> Find(string phrase, string text) => Match(phrase, $@"(?<!\S){Pattern(phrase)}(?!\S)", text);

    private static Dictionary<string, string> Match(string phrase, string pattern, string text)
    {
        Match match = Regex.Match(text, pattern);
        Assert.True(match.Success, $"'{phrase}' is not in\n{text}");
        return Regex.Matches(phrase, @"\{([a-z]+)\}").Select(key => key.Groups[1].Value).ToDictionary(key => key, key => match.Groups[key].Value);
    }

    private static string Pattern(string phrase)
    {
        string[] parts = Regex.Split(phrase, @"\{([a-z]+)\}");
        return string.Concat(parts.Select((part, i) =>
            i % 2 == 0 ? Regex.Escape(part) : $"(?<{part}>{(part == "code" && phrase.Contains('\n') ? Code : Value)})"));
    }
}
