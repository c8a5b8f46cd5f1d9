using System.Text.Json;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Trainer.Online;

/// <summary>
/// Checkpoints of what the decoding thread knows of namespaces (suffix stores, calibration), beside those of their learners: in each namespace's
/// folder the newest few, numbered, each with a hash of every file, each appearing as a whole or not at all. They have a number of their own, as
/// they change with every request and a learner's only when a version is published. One writer; reading is safe while it writes.
/// </summary>
/// <param name="directory">The directory that learners' checkpoints are kept in.</param>
/// <param name="fingerprint">Identifies target and tokenizer: what was learned from others is of no use.</param>
/// <param name="kept">Checkpoints kept of a namespace.</param>
public sealed class MemoryCheckpoints(string directory, string fingerprint, int kept)
{
    private const string Prefix = "memory-";
    private const string StateFile = "state.json";
    private const int ShownDigits = 12;

    /// <summary>Writes a checkpoint of a namespace; it is on the disk when this returns.</summary>
    /// <param name="name">The namespace.</param>
    /// <param name="files">Its files, by name.</param>
    public void Save(string name, IReadOnlyDictionary<string, byte[]> files)
    {
        var folders = Folders(NamespaceFolder.Of(directory, name));
        folders.Save(folders.Highest + 1, folder =>
        {
            foreach (var (file, content) in files) AtomicFile.Write(Path.Combine(folder, file), content);
            AtomicFile.Write(Path.Combine(folder, StateFile), JsonSerializer.SerializeToUtf8Bytes(new MemoryState(name, fingerprint)));
        });
    }

    /// <summary>
    /// The newest whole checkpoint of every namespace, those last written first. What was interrupted or damaged is passed over, and so is what
    /// belongs to another target.
    /// </summary>
    public IReadOnlyList<MemoryCheckpoint> Newest() =>
        [.. All().Where(one => one.State.Fingerprint == fingerprint).OrderByDescending(one => Directory.GetLastWriteTimeUtc(one.Folder))
            .Select(one => new MemoryCheckpoint(one.State.Namespace, one.Folder))];

    /// <summary>Throws where the directory holds what was learned from another target or with another tokenizer: it would be lost by and by.</summary>
    /// <exception cref="CheckpointException">It does.</exception>
    public void Check()
    {
        foreach (var (state, _) in All())
            if (state.Fingerprint != fingerprint)
                throw new CheckpointException(
                    $"{directory}: holds what was learned from another target or tokenizer (fingerprint {Short(state.Fingerprint)}, this one has "
                    + $"{Short(fingerprint)}); expected a directory of its own for each target");
    }

    /// <summary>Deletes all checkpoints of a namespace, its learner's too; returns whether there were any.</summary>
    public bool Delete(string name)
    {
        string root = NamespaceFolder.Of(directory, name);
        if (!Directory.Exists(root)) return false;
        Directory.Delete(root, recursive: true);
        return true;
    }

    private IEnumerable<(MemoryState State, string Folder)> All()
    {
        if (!Directory.Exists(directory)) yield break;
        foreach (string root in Directory.EnumerateDirectories(directory))
            foreach (string folder in Folders(root).Whole())
                if (TryRead(folder) is { } state)
                {
                    yield return (state, folder);
                    break;
                }
    }

    private CheckpointFolders Folders(string root) => new(root, kept, Prefix);

    private static MemoryState? TryRead(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<MemoryState>(File.ReadAllBytes(Path.Combine(folder, StateFile)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string Short(string fingerprint) => fingerprint.Length > ShownDigits ? fingerprint[..ShownDigits] : fingerprint;
}
