namespace Atlas.Trainer.Online;

/// <summary>A whole checkpoint of what is known of a namespace beside heads' weights.</summary>
/// <param name="Namespace">Whose it is.</param>
/// <param name="Folder">Where its files are.</param>
public sealed record MemoryCheckpoint(string Namespace, string Folder)
{
    /// <summary>Path of one of its files; null where it has none of that name.</summary>
    public string? Find(string file) => Path.Combine(Folder, file) is var path && File.Exists(path) ? path : null;
}
