using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Ties a directory of training checkpoints to the run they belong to. Checkpoints say their shape and options themselves; what they do not
/// say, seed and documents, stands as a hash in a file beside them, so that a run never continues one that learned from other data.
/// </summary>
internal static class TrainingIdentity
{
    /// <summary>The file that holds the hash.</summary>
    public const string FileName = "identity.sha256";

    /// <summary>Takes a directory for a run, or recognizes it as the run's own.</summary>
    /// <param name="directory">Where the run's checkpoints go; created when it is not there.</param>
    /// <param name="seed">Of the initial weights.</param>
    /// <param name="training">What the run learns from.</param>
    /// <param name="documents">How many of the first documents are looked at.</param>
    /// <exception cref="RecipeException">The directory belongs to another run.</exception>
    public static void Claim(string directory, ulong seed, IDocumentSource training, int documents)
    {
        string identity = Hash(seed, training, documents), path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(directory);
            File.WriteAllText(path + ".tmp", identity);
            File.Move(path + ".tmp", path, overwrite: true);
        }
        else if (File.ReadAllText(path) != identity)
        {
            throw new RecipeException($"{directory} holds checkpoints of a run with another seed or other data; expected an empty directory or the same data");
        }
    }

    private static string Hash(ulong seed, IDocumentSource training, int documents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(seed));
        for (int i = 0; i < documents; i++)
        {
            var document = training.Document(i);
            hash.AppendData(BitConverter.GetBytes(document.Tokens.Length));
            hash.AppendData(MemoryMarshal.AsBytes(document.Tokens.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(document.Weights.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
