using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Atlas.Architecture.Tests;

/// <summary>References go only the way the design's arrows point, in project files and in what the compiler made of them.</summary>
public sealed class ArrowTests
{
    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_is_part_of_the_design(string project) => Assert.Contains(project, Arrows.Known);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_references_only_what_the_arrows_allow(string project) =>
        Assert.All(SourceTree.References("src", project), to => Assert.True(Arrows.Allow(project, to), $"{project} -> {to} is no arrow of the design"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_references_only_what_the_arrows_allow(string project)
    {
        // The compiler follows references of references; the arrows hold for them too.
        Assert.All(Assemblies(project), to => Assert.True(Arrows.Allow(project, to), $"Atlas.{project} uses Atlas.{to}, which is no arrow of the design"));
    }

    [Fact]
    public void Core_references_nothing_of_ours() => Assert.Empty(SourceTree.References("src", "Core"));

    [Fact]
    public void Only_the_host_knows_which_engines_there_are()
    {
        foreach (string project in SourceTree.Projects.Where(p => p != "Host"))
            Assert.DoesNotContain(SourceTree.References("src", project), r => r.StartsWith("Compute.", StringComparison.Ordinal));
        Assert.Contains("Compute.Cpu", SourceTree.References("src", "Host"));
    }

    [Fact]
    public void The_decode_path_never_references_the_trainer()
    {
        foreach (string project in new[] { "Core", "Engine", "Target", "Controller", "Speculator.Static", "Speculator.Adaptive" })
            Assert.False(Arrows.Allow(project, "Trainer"));
    }

    [Fact]
    public void Nothing_references_the_host() =>
        Assert.All(SourceTree.Projects, project => Assert.DoesNotContain("Host", SourceTree.References("src", project)));

    [Fact]
    public void The_arrows_have_no_cycle()
    {
        var done = new HashSet<string>();
        foreach (string project in Arrows.Known) Visit(project, []);

        void Visit(string project, HashSet<string> path)
        {
            if (done.Contains(project)) return;
            Assert.True(path.Add(project), $"a cycle through {project}");
            foreach (string to in Arrows.Known.Where(to => Arrows.Allow(project, to))) Visit(to, path);
            path.Remove(project);
            done.Add(project);
        }
    }

    // Atlas assemblies that the metadata of a project's assembly names; the tests' own output folder holds all of them, through Host.
    private static List<string> Assemblies(string project)
    {
        string file = Path.Combine(AppContext.BaseDirectory, project == "Host" ? "atlas.dll" : $"Atlas.{project}.dll");
        Assert.True(File.Exists(file), $"{file} was not built: Host does not reference {project}");
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return
        [
            .. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))
                .Where(name => name.StartsWith("Atlas.", StringComparison.Ordinal)).Select(name => name["Atlas.".Length..]),
        ];
    }
}
