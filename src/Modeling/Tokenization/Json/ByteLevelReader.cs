namespace Atlas.Modeling.Tokenization.Json;

/// <summary>Checks a ByteLevel part. Except in a pre-tokenizer, its settings bear on offsets only, which Atlas does not compute.</summary>
internal static class ByteLevelReader
{
    /// <summary>Refuses settings that are missing, of the wrong type or unknown; <c>use_regex</c> may be absent, as in older files. Returns the section.</summary>
    public static JsonSection Check(JsonSection section)
    {
        section.Only("type", "add_prefix_space", "trim_offsets", "use_regex");
        section.Get("add_prefix_space").Flag();
        section.Get("trim_offsets").Flag();
        section.Find("use_regex")?.Flag();
        return section;
    }
}
