using System.Text.RegularExpressions;

namespace Atlas.Architecture.Tests;

/// <summary>Projects and files lie where a reader looks for them, and are small enough to be read.</summary>
public sealed partial class LayoutTests
{
    private const int MostLines = 400;

    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_source_project_has_a_test_project(string project) => Assert.Contains(project + ".Tests", SourceTree.TestProjects);

    [Fact]
    public void A_test_project_has_its_source_project()
    {
        foreach (string project in SourceTree.TestProjects.Where(t => t.EndsWith(".Tests", StringComparison.Ordinal) && t != "Architecture.Tests"))
            Assert.Contains(project[..^".Tests".Length], SourceTree.Projects);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(SourceTree.Root, "Atlas.sln"));
        foreach (string project in SourceTree.Projects) Assert.Contains($"src\\{project}\\{project}.csproj", solution);
        foreach (string project in SourceTree.TestProjects) Assert.Contains($"tests\\{project}\\{project}.csproj", solution);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_file_is_no_longer_than_one_can_read(string project)
    {
        var tooLong = SourceTree.Files(project).Select(f => (File: SourceTree.Relative(f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > MostLines);
        Assert.Empty(tooLong);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_namespace_is_the_files_folder(string project)
    {
        string root = Path.Combine(SourceTree.Root, "src", project);
        foreach (string file in SourceTree.Files(project))
        {
            var declared = Namespace().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value).ToArray();
            // Top-level statements and assembly attributes have none.
            if (declared.Length == 0) continue;
            string folder = Path.GetDirectoryName(Path.GetRelativePath(root, file))!;
            string expected = string.Join('.', new[] { "Atlas", project, folder.Replace(Path.DirectorySeparatorChar, '.') }.Where(p => p.Length > 0));
            Assert.True(declared is [var one] && one == expected, $"{SourceTree.Relative(file)} declares {string.Join(", ", declared)}; expected {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_file_is_named_after_a_type_it_declares(string project)
    {
        foreach (string file in SourceTree.Files(project))
        {
            string text = File.ReadAllText(file), name = Path.GetFileNameWithoutExtension(file).Split('.')[0];
            if (Namespace().IsMatch(text)) Assert.True(Regex.IsMatch(text, $@"\b(class|struct|interface|enum|record|delegate)\b[^;{{(]*\b{name}\b"), $"{SourceTree.Relative(file)} declares no {name}");
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
