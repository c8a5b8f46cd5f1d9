using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Trainer.Online;

/// <summary>
/// Numbered checkpoints below a directory, each a folder that appears as a whole: its files are written and flushed under a temporary name, a
/// list of their hashes last, then the folder is renamed. A process that dies at any moment leaves whole folders and at most a stray temporary
/// one; a folder that was damaged later is recognized by the hashes and passed over. For one writer.
/// </summary>
internal sealed class CheckpointFolders(string root, int kept, string prefix = "version-")
{
    private const string HashFile = "hashes.json";

    /// <summary>The directory.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The highest number there is, whole or not; 0 where there is none.</summary>
    public long Highest => Folders().FirstOrDefault() is { } newest
        && long.TryParse(Path.GetFileName(newest).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    /// <summary>
    /// Writes a checkpoint, and deletes older ones beyond those kept and what interrupted writes left. Where it cannot be written, nothing of it
    /// is left, so that a disk that was full is no fuller.
    /// </summary>
    /// <param name="number">Its number; the highest is the newest. One of the same number is replaced.</param>
    /// <param name="write">Writes its files into the folder it is given, each flushed to the disk.</param>
    public void Save(long number, Action<string> write)
    {
        Directory.CreateDirectory(Root);
        DeleteStrays();
        string name = prefix + number.ToString("D10", CultureInfo.InvariantCulture);
        string temporary = Path.Combine(Root, "." + name + "." + Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            var hashes = Directory.EnumerateFiles(temporary).ToDictionary(file => Path.GetFileName(file), Hash);
            AtomicFile.Write(Path.Combine(temporary, HashFile), JsonSerializer.SerializeToUtf8Bytes(hashes));
        }
        catch (Exception)
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            throw;
        }
        string folder = Path.Combine(Root, name);
        if (Directory.Exists(folder))
        {
            // Between the two renames the older checkpoints stand in.
            string replaced = Path.Combine(Root, "." + name + "." + Path.GetRandomFileName());
            Directory.Move(folder, replaced);
        }
        Directory.Move(temporary, folder);
        foreach (string old in Folders().Skip(kept)) Directory.Delete(old, recursive: true);
        DeleteStrays();
    }

    /// <summary>The folders that are whole, newest first.</summary>
    public IEnumerable<string> Whole() => Folders().Where(IsWhole);

    private void DeleteStrays()
    {
        foreach (string stray in Directory.EnumerateDirectories(Root, "." + prefix + "*")) Directory.Delete(stray, recursive: true);
    }

    // Names have fixed width.
    private IEnumerable<string> Folders() => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root, prefix + "*").OrderDescending(StringComparer.Ordinal)]
        : [];

    private static bool IsWhole(string folder)
    {
        try
        {
            var hashes = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(Path.Combine(folder, HashFile)));
            return hashes is { Count: > 0 } && hashes.All(entry => Hash(Path.Combine(folder, entry.Key)) == entry.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
