using Atlas.Modeling.Tokenization.Model;

namespace Atlas.Modeling.Tokenization.Json;

/// <summary>Reads <c>post_processor</c>: null, ByteLevel (which moves offsets only), TemplateProcessing, or a Sequence of these.</summary>
internal static class PostProcessorReader
{
    /// <summary>The tokens that the section puts around a text, for ids below <paramref name="vocabularySize"/>.</summary>
    public static SequenceTemplate Read(JsonSection? section, int vocabularySize)
    {
        if (section is null || section.IsNull) return SequenceTemplate.Empty;
        var templates = new List<JsonSection>();
        foreach (var part in Flatten(section).ToArray())
        {
            switch (part.Type())
            {
                case "ByteLevel":
                    ByteLevelReader.Check(part);
                    break;
                case "TemplateProcessing":
                    templates.Add(part.Only("type", "single", "pair", "special_tokens"));
                    break;
                default:
                    throw part.Get("type").Fault("ByteLevel, TemplateProcessing or Sequence, or no post_processor (null)");
            }
        }

        // Hugging Face's second template would take the pieces of the first for a pair of texts.
        if (templates.Count > 1) throw section.Fault("one TemplateProcessing at most");
        return templates.Count == 0 ? SequenceTemplate.Empty : ReadTemplate(templates[0], vocabularySize);
    }

    private static IEnumerable<JsonSection> Flatten(JsonSection section) => section.Type() == "Sequence"
        ? section.Only("type", "processors").Get("processors").Items().SelectMany(Flatten)
        : [section];

    private static SequenceTemplate ReadTemplate(JsonSection section, int vocabularySize)
    {
        section.Get("pair").Items();
        var specialTokens = section.Get("special_tokens");
        var single = section.Get("single");
        var before = new List<int>();
        var after = new List<int>();
        var seenText = false;
        foreach (var piece in single.Items())
        {
            if (piece.Only("Sequence", "SpecialToken").Find("Sequence") is { } sequence)
            {
                if (seenText || sequence.Get("id").Text() != "A") throw single.Fault("the sequence A once");
                seenText = true;
                continue;
            }

            var name = piece.Get("SpecialToken").Get("id").Text();
            foreach (var item in specialTokens.Get(name).Get("ids").Items())
            {
                var id = item.Id();
                if (id >= vocabularySize) throw item.Fault($"an id below {vocabularySize}, the number of tokens");
                (seenText ? after : before).Add(id);
            }
        }

        return seenText ? new SequenceTemplate([.. before], [.. after]) : throw single.Fault("the sequence A once");
    }
}
