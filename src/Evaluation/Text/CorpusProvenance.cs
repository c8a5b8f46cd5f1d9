using System.Text.Encodings.Web;
using System.Text.Json;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Evaluation.Text;

/// <summary>The provenance file of a corpus: which packages, in which versions and under which licences, and how much text of each.</summary>
public static class CorpusProvenance
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Its name.</summary>
    public const string FileName = "provenance.json";

    /// <summary>Writes it into a directory.</summary>
    public static void Write(string directory, Corpus corpus)
    {
        Directory.CreateDirectory(directory);
        AtomicFile.Write(Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(new { corpus.Packages }, Json));
    }
}
