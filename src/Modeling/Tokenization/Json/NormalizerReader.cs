namespace Atlas.Modeling.Tokenization.Json;

/// <summary>Reads <c>normalizer</c>: null, NFC, or a Sequence of these.</summary>
internal static class NormalizerReader
{
    /// <summary>Whether text is to be brought into NFC.</summary>
    public static bool ReadNfc(JsonSection? normalizer)
    {
        if (normalizer is null || normalizer.IsNull) return false;
        switch (normalizer.Type())
        {
            case "NFC":
                normalizer.Only("type");
                return true;
            case "Sequence":
                // NFC is idempotent, so any number of them is one.
                return normalizer.Only("type", "normalizers").Get("normalizers").Items().ToArray().Select(ReadNfc).ToArray().Contains(true);
            default:
                throw normalizer.Get("type").Fault("NFC, Sequence, or no normalizer (null)");
        }
    }
}
