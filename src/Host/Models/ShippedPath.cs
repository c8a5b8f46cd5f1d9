namespace Atlas.Host.Models;

/// <summary>Where files lie that ship with Atlas and are taken where no other is named.</summary>
internal static class ShippedPath
{
    /// <summary>The working directory and all above it, then the program's directory and all above that.</summary>
    public static IEnumerable<string> Places => PlacesFrom([Directory.GetCurrentDirectory(), AppContext.BaseDirectory]);

    /// <summary>A shipped file, of the first place that has it; null where none does.</summary>
    /// <param name="path">Below Atlas's root.</param>
    public static string? Find(string path) => Places.Select(place => Path.Combine(place, path)).FirstOrDefault(File.Exists);

    /// <summary>Some directories, each with all above it behind it.</summary>
    public static IEnumerable<string> PlacesFrom(IEnumerable<string> starts)
    {
        foreach (string start in starts)
            for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
                yield return directory.FullName;
    }
}
