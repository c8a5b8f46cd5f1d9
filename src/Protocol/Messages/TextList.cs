namespace Atlas.Protocol.Messages;

/// <summary>Arrays of strings on the wire.</summary>
internal static class TextList
{
    /// <summary>Writes an array of strings.</summary>
    public static void Write(ref MessagePackWriter writer, List<string> texts)
    {
        writer.WriteArrayHeader(texts.Count);
        foreach (string text in texts) writer.Write(text);
    }

    /// <summary>Replaces a list by the array that comes next, in which nil is not allowed.</summary>
    public static void Read(ref MessagePackReader reader, List<string> texts)
    {
        texts.Clear();
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
            texts.Add(reader.ReadString() ?? throw new MessagePackSerializationException("holds nil; expected strings"));
    }
}
