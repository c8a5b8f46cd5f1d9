using Atlas.Modeling.Tokenization.Model;

namespace Atlas.Modeling.Tokenization.Json;

/// <summary>Reads <c>post_processor</c>: null, ByteLevel (which moves offsets only), TemplateProcessing, or a Sequence of these.</summary>
internal static class PostProcessorReader
{
    /// <summary>The tokens that the section puts around a text, for ids below <paramref name="vocabularySize"/>.</summary>
    public static SequenceTemplate Read(JsonSection? section, int vocabularySize)
    {
        if (section is null || section.IsNull) return SequenceTemplate.Empty;
        switch (section.Type())
        {
            case "ByteLevel":
                section.Only("type", "add_prefix_space", "trim_offsets", "use_regex");
                section.Get("add_prefix_space").Flag();
                section.Get("trim_offsets").Flag();
                section.Find("use_regex")?.Flag();
                return SequenceTemplate.Empty;
            case "TemplateProcessing":
                return ReadTemplate(section.Only("type", "single", "pair", "special_tokens"), vocabularySize);
            case "Sequence":
                var template = SequenceTemplate.Empty;
                foreach (var part in section.Only("type", "processors").Get("processors").Items())
                    template = Read(part, vocabularySize).Around(template);
                return template;
            default:
                throw section.Get("type").Fault("ByteLevel, TemplateProcessing or Sequence, or no post_processor (null)");
        }
    }

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
