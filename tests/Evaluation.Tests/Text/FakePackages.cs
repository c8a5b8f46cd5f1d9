using Atlas.Evaluation.Text;

namespace Atlas.Evaluation.Tests.Text;

/// <summary>Packages that a test has put together.</summary>
internal sealed class FakePackages : IPackageIndex
{
    private readonly Dictionary<string, List<string>> _files = [];

    public Dictionary<string, string> Copyright { get; } = [];

    public List<string> Of(string package)
    {
        if (!_files.TryGetValue(package, out var files)) _files.Add(package, files = []);
        return files;
    }

    public string? Version(string package) => _files.ContainsKey(package) ? $"1.0-{package}" : null;

    public IReadOnlyList<string> Files(string package) => _files[package];

    public string? CopyrightFile(string package) => Copyright.GetValueOrDefault(package);
}
