using System.Security.Cryptography;
using System.Text;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Identifies a model's weights: SHA-256 over the configuration, the tensors' names, types and shapes in ordinal order of name, and their
/// bytes. Tensors of at most 256 KiB count whole; of larger ones 64 pages of 4 KiB at even distances count, the first and the last among
/// them, so a change confined to the bytes between goes unseen, while a training step, which touches them all, does not. How the tensors
/// are spread over shards does not matter.
/// </summary>
internal static class Fingerprint
{
    private const int PageBytes = 4096, Pages = 64;

    /// <summary>The fingerprint as 64 lower-case hexadecimal digits.</summary>
    public static string Compute(ModelConfig config, WeightFiles weights) => Compute(config, ConfigWriter.ToJson(config, WeightType.F32), weights);

    /// <summary>The same for a configuration that no <c>config.json</c> can say.</summary>
    /// <param name="config">Whose tensors count.</param>
    /// <param name="description">The configuration as bytes.</param>
    /// <param name="weights">The tensors.</param>
    public static string Compute(ModelConfig config, ReadOnlySpan<byte> description, WeightFiles weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(description);
        foreach (string name in DecoderTensors.Expected(config).Select(t => t.Name).Order(StringComparer.Ordinal))
        {
            (SafetensorsFile file, SafetensorsEntry entry) = weights.Tensors[name];
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{entry.Name} {entry.Dtype} [{string.Join(",", entry.Shape)}]\n"));
            if (entry.Bytes <= PageBytes * Pages)
            {
                hash.AppendData(file.Bytes(entry, 0, (int)entry.Bytes));
                continue;
            }
            for (int page = 0; page < Pages; page++)
            {
                long offset = (long)((Int128)(entry.Bytes - PageBytes) * page / (Pages - 1));
                hash.AppendData(file.Bytes(entry, offset, PageBytes));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
