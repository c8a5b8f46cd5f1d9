namespace Atlas.Modeling.Tokenization.Json;

/// <summary>Checks <c>decoder</c>: ByteLevel, alone or in a Sequence of one.</summary>
internal static class DecoderReader
{
    /// <summary>Refuses every other decoder.</summary>
    public static void Check(JsonSection section)
    {
        const string expected = "ByteLevel, or a Sequence of one ByteLevel";
        if (section.IsNull) throw section.Fault(expected);
        switch (section.Type())
        {
            case "ByteLevel":
                ByteLevelReader.Check(section);
                break;
            case "Sequence":
                var parts = section.Only("type", "decoders").Get("decoders").Items().ToArray();
                if (parts.Length != 1) throw section.Fault(expected);
                Check(parts[0]);
                break;
            default:
                throw section.Get("type").Fault(expected);
        }
    }
}
