using System.Text.Json;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Trainer.Online;

/// <summary>
/// The checkpoints of all namespaces: a directory with one folder per namespace, named by a hash (names are the tenants' and may hold
/// anything), each with the newest checkpoints of its learner: <c>published.safetensors</c>, <c>learner.safetensors</c>, <c>state.json</c>.
/// </summary>
internal sealed class LearnerCheckpoints(string directory, int kept)
{
    private const string PublishedFile = "published.safetensors";
    private const string LearnerFile = "learner.safetensors";
    private const string StateFile = "state.json";

    /// <summary>Writes a checkpoint.</summary>
    public void Save(LearnerSnapshot snapshot) => Folders(snapshot.State.Namespace).Save(snapshot.State.Version, folder =>
    {
        SafetensorsWriter.Save(Path.Combine(folder, PublishedFile), snapshot.Published);
        SafetensorsWriter.Save(Path.Combine(folder, LearnerFile), snapshot.Learner);
        AtomicFile.Write(Path.Combine(folder, StateFile), JsonSerializer.SerializeToUtf8Bytes(snapshot.State));
    });

    /// <summary>
    /// The newest whole checkpoint of a namespace that belongs to these weights of the target; null where there is none.
    /// </summary>
    public LearnerCheckpoint? OpenNewest(string name, string fingerprint)
    {
        foreach (string folder in Folders(name).Whole())
            if (TryOpen(folder, name, fingerprint) is { } checkpoint)
                return checkpoint;
        return null;
    }

    /// <summary>Deletes everything of a namespace; returns whether there was anything.</summary>
    public bool Delete(string name)
    {
        string root = Folders(name).Root;
        if (!Directory.Exists(root)) return false;
        Directory.Delete(root, recursive: true);
        return true;
    }

    private CheckpointFolders Folders(string name) =>
        new(NamespaceFolder.Of(directory, name), kept);

    private static LearnerCheckpoint? TryOpen(string folder, string name, string fingerprint)
    {
        SafetensorsFile? published = null;
        try
        {
            var state = JsonSerializer.Deserialize<LearnerState>(File.ReadAllBytes(Path.Combine(folder, StateFile)));
            if (state is null || state.Namespace != name || state.Fingerprint != fingerprint) return null;
            published = SafetensorsFile.Open(Path.Combine(folder, PublishedFile));
            return new LearnerCheckpoint(state, published, SafetensorsFile.Open(Path.Combine(folder, LearnerFile)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or CheckpointException)
        {
            published?.Dispose();
            return null;
        }
    }
}
