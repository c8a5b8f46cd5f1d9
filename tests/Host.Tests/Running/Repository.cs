namespace Atlas.Host.Tests.Running;

/// <summary>What the repository ships, as tests find it.</summary>
internal static class Repository
{
    /// <summary>The directory of Atlas.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A model of the small pair.</summary>
    /// <param name="model"><c>target</c> or <c>draft</c>.</param>
    public static string Small(string model) => Path.Combine(Root, "models", "small", model);

    /// <summary>Copies the files of a directory into another that need not exist.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static string Find()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Atlas.sln"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}
