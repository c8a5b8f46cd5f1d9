using System.Globalization;

namespace Atlas.Host.CommandLine;

/// <summary>Token ids given on the command line, separated by commas.</summary>
internal static class TokenList
{
    public static int[] Parse(string option, string text, int vocabularySize)
    {
        var tokens = new List<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int token))
                throw new UsageException($"{option} has '{part}'; expected token ids separated by commas, such as 1,2,3");
            if (token >= vocabularySize) throw new UsageException($"{option} has token {token}; expected 0 to {vocabularySize - 1}");
            tokens.Add(token);
        }
        return [.. tokens];
    }
}
