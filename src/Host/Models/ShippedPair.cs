using Atlas.Host.CommandLine;

namespace Atlas.Host.Models;

/// <summary>Where the model pair lies that ships with Atlas.</summary>
/// <param name="Target">Directory of the target.</param>
/// <param name="Draft">Directory of the draft model.</param>
internal sealed record ShippedPair(string Target, string Draft)
{
    private const string Folder = "models/small";

    /// <summary>
    /// Looks for <c>models/small</c> in the working directory and above it, then in the program's directory and above it.
    /// </summary>
    public static ShippedPair Find()
    {
        foreach (string start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
            for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
            {
                string pair = Path.Combine(directory.FullName, Folder);
                if (File.Exists(Path.Combine(pair, "target", "config.json")))
                    return new ShippedPair(Path.Combine(pair, "target"), Path.Combine(pair, "draft"));
            }
        throw new UsageException($"{Folder} is not in the working directory nor above it; expected --target DIR");
    }
}
