using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Host.Replay;

/// <summary>
/// A <see cref="KeptRun"/> as a JSON file. A digest of what was understood stands beside it: whatever befell the file, it is read as it was written
/// or not at all.
/// </summary>
internal static class KeptRunFile
{
    // Sums that nobody took are NaN; figures are computed anew.
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes a file as a whole; what was there is replaced.</summary>
    public static void Save(string path, KeptRun run) => AtomicFile.Write(path, Bytes(run));

    /// <summary>The file's content.</summary>
    public static byte[] Bytes(KeptRun run) => JsonSerializer.SerializeToUtf8Bytes(new Content(Digest(run), run), Json);

    /// <summary>Reads a file's content.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static KeptRun Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (JsonSerializer.Deserialize<Content>(bytes, Json) is { } content && content.Digest == Digest(content.Run)) return content.Run;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("no kept run, or half of one", e);
        }
        throw new InvalidDataException("changed since it was written");
    }

    private static string Digest(KeptRun run) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(run, Json)));

    private sealed record Content(string Digest, KeptRun Run);
}
