namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>The checkpoint directories that tests/Conformance/golden/make_golden.py made.</summary>
internal static class Golden
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Names => Directory.EnumerateDirectories(Root).Select(d => Path.GetFileName(d)!).Order();

    public static string Case(string name) => Path.Combine(Root, name);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string golden = Path.Combine(directory.FullName, "tests", "Conformance", "golden");
            if (Directory.Exists(golden)) return golden;
        }
        throw new DirectoryNotFoundException("tests/Conformance/golden above " + AppContext.BaseDirectory);
    }
}
