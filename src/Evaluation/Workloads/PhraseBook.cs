namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Ways to say one thing, those for training and those held out for evaluation. Phrases hold <c>{key}</c> placeholders, see
/// <see cref="Fill"/>.
/// </summary>
internal sealed class PhraseBook
{
    private readonly string[] _training;
    private readonly string[] _evaluation;

    /// <summary>Makes a book of two lists without a common phrase.</summary>
    public PhraseBook(string[] training, string[] evaluation)
    {
        string? common = training.Intersect(evaluation, StringComparer.Ordinal).FirstOrDefault();
        if (common is not null)
            throw new ArgumentException($"The phrase '{common}' stands in both splits; each phrase may stand in one only.");
        _training = training;
        _evaluation = evaluation;
    }

    /// <summary>A book of all training phrases but those held out, each once.</summary>
    /// <param name="evaluation">What is held out.</param>
    /// <param name="training">Phrases for training, in groups.</param>
    public static PhraseBook HoldingOut(string[] evaluation, params ReadOnlySpan<string[]> training)
    {
        var phrases = new List<string>();
        foreach (string[] group in training) phrases.AddRange(group);
        return new PhraseBook([.. phrases.Except(evaluation, StringComparer.Ordinal)], evaluation);
    }

    /// <summary>The phrases of one split.</summary>
    public ReadOnlySpan<string> Of(Split split) => split == Split.Training ? _training : _evaluation;

    /// <summary>Replaces every <c>{key}</c> of a phrase by its value. Values are not searched for placeholders again.</summary>
    public static string Fill(string phrase, params ReadOnlySpan<(string Key, string Value)> values)
    {
        var filled = new System.Text.StringBuilder(phrase.Length + 64);
        int at = 0;
        while (at < phrase.Length)
        {
            int open = phrase.IndexOf('{', at);
            int close = open < 0 ? -1 : phrase.IndexOf('}', open);
            if (close < 0)
                break;
            filled.Append(phrase, at, open - at).Append(Lookup(phrase.AsSpan(open + 1, close - open - 1), values, phrase));
            at = close + 1;
        }
        return filled.Append(phrase, at, phrase.Length - at).ToString();
    }

    private static string Lookup(ReadOnlySpan<char> key, ReadOnlySpan<(string Key, string Value)> values, string phrase)
    {
        foreach (var (name, value) in values)
        {
            if (key.SequenceEqual(name))
                return value;
        }
        throw new ArgumentException($"The phrase '{phrase}' has a placeholder '{key}' that nothing was given for.");
    }
}
