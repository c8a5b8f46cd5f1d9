using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Atlas.Architecture.Tests;

/// <summary>The repository as it lies on disk.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Names of the projects in src, such as <c>Speculator.Static</c>.</summary>
    public static IReadOnlyList<string> Projects { get; } = ProjectsIn("src");

    /// <summary>Names of the projects in tests, such as <c>Core.Tests</c>.</summary>
    public static IReadOnlyList<string> TestProjects { get; } = ProjectsIn("tests");

    /// <summary>Project files below experiments, which nothing in src references; their folders may have other names.</summary>
    public static IReadOnlyList<string> ExperimentProjects { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "experiments"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
    ];

    public static string ProjectFile(string folder, string project) => Path.Combine(Root, folder, project, project + ".csproj");

    /// <summary>Names of the projects that a project file references.</summary>
    public static IReadOnlyList<string> References(string folder, string project) =>
    [
        .. XDocument.Load(ProjectFile(folder, project)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/'))),
    ];

    /// <summary>C# files of a project, build outputs left out.</summary>
    public static IEnumerable<string> Files(string project)
    {
        string folder = Path.Combine(Root, "src", project);
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));
    }

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static List<string> ProjectsIn(string folder) =>
    [
        .. Directory.EnumerateDirectories(Path.Combine(Root, folder)).Select(d => Path.GetFileName(d)!)
            .Where(name => File.Exists(ProjectFile(folder, name))).Order(StringComparer.Ordinal),
    ];

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // Where the tests were built; elsewhere, upwards from where they run.
        foreach (string start in new[] { Path.GetDirectoryName(here)!, AppContext.BaseDirectory })
            for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
                if (File.Exists(Path.Combine(folder, "Atlas.sln")))
                    return folder;
        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Atlas.sln");
    }
}
