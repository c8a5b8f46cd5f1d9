using Atlas.Modeling.Tokenization.PreTokenization;

namespace Atlas.Modeling.Tokenization.Json;

/// <summary>Reads <c>pre_tokenizer</c>: ByteLevel, or a Sequence of Split and Digits that ends in ByteLevel.</summary>
internal static class PreTokenizerReader
{
    /// <summary>The pre-tokenizer that the section describes.</summary>
    public static PreTokenizer Read(JsonSection section)
    {
        const string expected = "ByteLevel, or a Sequence of Split and Digits with ByteLevel at its end";
        if (section.IsNull) throw section.Fault(expected);
        var parts = Flatten(section).ToList();
        if (parts.Count == 0 || parts[^1].Type() != "ByteLevel") throw section.Fault(expected);
        var scanners = parts[..^1].Select(ReadScanner).OfType<IPieceScanner>().ToArray();
        var byteLevel = ByteLevelReader.Check(parts[^1]);
        return new PreTokenizer(scanners, byteLevel.Get("add_prefix_space").Flag(), byteLevel.Find("use_regex")?.Flag() ?? true);
    }

    private static IEnumerable<JsonSection> Flatten(JsonSection section) => section.Type() == "Sequence"
        ? section.Only("type", "pretokenizers").Get("pretokenizers").Items().SelectMany(Flatten)
        : [section];

    /// <summary>The scanner of a part before ByteLevel; null when the part cuts nothing.</summary>
    private static IPieceScanner? ReadScanner(JsonSection part) => part.Type() switch
    {
        "Digits" => new DigitsScanner(part.Only("type", "individual_digits").Get("individual_digits").Flag()),
        "Split" => ReadSplit(part.Only("type", "pattern", "behavior", "invert")),
        _ => throw part.Get("type").Fault("Split or Digits before the final ByteLevel"),
    };

    private static IPieceScanner? ReadSplit(JsonSection split)
    {
        var pattern = split.Get("pattern").Only("Regex", "String");
        var behavior = split.Get("behavior");
        var invert = split.Get("invert").Flag();
        if (pattern.Find("Regex") is { } regex)
        {
            if (pattern.Find("String") is not null) throw pattern.Fault("either Regex or String");
            return ReadPattern(regex, behavior, invert);
        }

        var literal = pattern.Get("String").Text();
        if (literal.Length == 0) throw pattern.Fault("a string that is not empty");
        if (behavior.Text() != "Isolated") throw behavior.Fault("Isolated, for a pattern that is a String");
        return new LiteralScanner(literal);
    }

    /// <summary>The patterns match every character, so that what lies between matches does not exist and most behaviors are alike.</summary>
    private static IPieceScanner? ReadPattern(JsonSection regex, JsonSection behavior, bool invert)
    {
        IPieceScanner scanner = regex.Text() switch
        {
            Gpt2Scanner.Pattern => Gpt2Scanner.Instance,
            var text when text == Llama3Scanner.Pattern(3) => Llama3Scanner.Llama3,
            var text when text == Llama3Scanner.Pattern(1) => Llama3Scanner.Qwen2,
            _ => throw regex.Fault("the pattern of GPT-2, Llama 3 or Qwen2"),
        };
        return behavior.Text() switch
        {
            "Isolated" or "MergedWithPrevious" or "MergedWithNext" => scanner,
            "Removed" when invert => scanner,
            "Removed" => throw behavior.Fault("Isolated, or invert: with this pattern all of the text would be removed"),
            "Contiguous" => null,
            _ => throw behavior.Fault("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous"),
        };
    }
}
