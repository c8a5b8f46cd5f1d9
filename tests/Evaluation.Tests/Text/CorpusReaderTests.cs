using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Text;

namespace Atlas.Evaluation.Tests.Text;

public sealed class CorpusReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakePackages _packages = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Text_is_read_cut_at_lines_and_counted_under_its_package()
    {
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => Numbered($"file {i}", 40 + i))];
        for (int i = 0; i < texts.Length; i++) Add("prose", $"text/{i}.txt", texts[i]);
        Add("prose", "text/deep/more.c", "int main;");
        _packages.Copyright["prose"] = _directory.File("copyright");
        File.WriteAllText(_directory.File("copyright"), "Format: x\n\nFiles: *\nLicense: MIT\n\nLicense: GPL-2\n text\n\nLicense: MIT\n");

        var corpus = Read(Recipe(Source("prose", "text/*.txt")));
        string all = string.Concat(corpus.Training.Concat(corpus.HeldOut).Select(d => d.EndsFile ? d.Text + "\n" : d.Text));
        Assert.Equal(texts.Select(text => text + "\n").Order(), all.Split("file ").Skip(1).GroupBy(Head).Select(g => string.Concat(g.Select(p => "file " + p))).Order());
        Assert.All(corpus.Training, d => Assert.InRange(d.Text.Length, 1, 400));
        Assert.Equal(60, corpus.Training.Concat(corpus.HeldOut).Count(d => d.EndsFile));
        var package = Assert.Single(corpus.Packages);
        Assert.Equal(("prose", "1.0-prose", 60, texts.Sum(t => t.Length)), (package.Package, package.Version, package.Files, (int)package.Bytes));
        Assert.Equal(["GPL-2", "MIT"], package.Licences);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_directory.File("copyright")))), package.CopyrightSha256);
    }

    [Fact]
    public void Whole_files_are_held_out_and_the_seed_chooses_which()
    {
        for (int i = 0; i < 200; i++) Add("prose", $"text/{i}.txt", Numbered($"file {i}", 5));
        var first = Read(Recipe(Source("prose", "text/*")));
        Assert.InRange(first.HeldOut.Count, 20, 80);
        Assert.Empty(first.HeldOut.Select(d => d.Text).Intersect(first.Training.Select(d => d.Text)));
        Assert.Equal(first.Training, Read(Recipe(Source("prose", "text/*"))).Training);
        Assert.NotEqual(first.HeldOut, new CorpusReader(_packages, Recipe(Source("prose", "text/*")), 2).Read().HeldOut);
    }

    [Fact]
    public void What_is_no_text_too_large_too_wide_or_a_link_is_left_out()
    {
        Add("mixed", "good.txt", "good");
        Add("mixed", "wide.txt", new string('x', 500));
        Add("mixed", "large.txt", Numbered("large", 5000));
        Add("mixed", "table.txt", "values 6778 6779 6780\n1213 1415 1617");
        AddBytes("mixed", "latin.txt", [0x61, 0xe9, 0x62]);
        AddBytes("mixed", "binary.txt", [0x61, 0, 0x62]);
        File.CreateSymbolicLink(_directory.File("link.txt"), _directory.File("good.txt"));
        _packages.Of("mixed").AddRange([_directory.File("link.txt"), _directory.File("absent.txt"), _directory.Path]);
        using (var stream = new MemoryStream())
        {
            using (var zip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(Encoding.UTF8.GetBytes("packed\r\ntext \n\n\n\nend"));
            AddBytes("mixed", "packed.txt.gz", stream.ToArray());
        }
        var corpus = Read(Recipe(Source("mixed", "**")));
        Assert.Equal(["good", "packed\ntext\n\nend"], corpus.Training.Concat(corpus.HeldOut).Select(d => d.Text).Order());
    }

    [Fact]
    public void Long_paragraphs_that_were_seen_before_are_left_out()
    {
        string licence = "You may use this file under the terms that are written in a file which you do not have, at length.";
        Add("a", "one.txt", $"{licence}\n\nfirst file\n\nend");
        Add("b", "two.txt", $"  {licence.Replace(" terms ", "\n terms ", StringComparison.Ordinal)}\n\nsecond file\n\nend");
        var corpus = Read(Recipe(Source("a", "*.txt"), Source("b", "*.txt")));
        Assert.Equal([$"{licence}\n\nfirst file\n\nend", "second file\n\nend"], corpus.Training.Concat(corpus.HeldOut).Select(d => d.Text).Order());
    }

    [Fact]
    public void Files_are_taken_until_the_bytes_are_enough()
    {
        for (int i = 0; i < 50; i++) Add("prose", $"{i}.txt", Numbered($"file {i}", 10));
        var corpus = Read(Recipe(Source("prose", "*.txt") with { MostBytes = 1000 }));
        Assert.InRange(corpus.Packages[0].Bytes, 1000, 1200);
    }

    [Fact]
    public void A_package_that_is_not_installed_is_named_with_the_command_that_installs_it()
    {
        Add("there", "a.txt", "text");
        var recipe = Recipe(Source("there", "*.txt"), Source("absent-one", "*"), Source("absent-two", "*"));
        Assert.Equal(
            "packages with training text are not installed; expected: apt-get install absent-one absent-two",
            Assert.Throws<RecipeException>(() => Read(recipe)).Message);
        var empty = Recipe(Source("there", "*.c"));
        Assert.Contains("apt-get install --reinstall there", Assert.Throws<RecipeException>(() => Read(empty)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/*.h", "/a/b.h", true)]
    [InlineData("/a/*.h", "/a/c/b.h", false)]
    [InlineData("/a/**.h", "/a/c/b.h", true)]
    [InlineData("/a/man?/x", "/a/man3/x", true)]
    [InlineData("/a/man?/x", "/a/man/x", false)]
    [InlineData("/a/b+(c).h", "/a/b+(c).h", true)]
    [InlineData("/a/b.h", "/a/bxh", false)]
    public void Patterns_match_whole_paths(string pattern, string path, bool matches) => Assert.Equal(matches, new PathPattern(pattern).Matches(path));

    [Theory]
    [InlineData("see /usr/share/common-licenses/GPL-2.\n and /usr/share/common-licenses/Artistic'", "Artistic GPL-2")]
    [InlineData("A. Python Software Foundation License version 2", "PSF-2.0")]
    [InlineData("nothing known", "")]
    public void Licences_of_free_form_notices_are_recognized(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', CopyrightNotice.Licences(text)));

    [Theory]
    [InlineData("""{ "sources": [] }""", "sources is empty")]
    [InlineData("""{ "sources": [null] }""", "sources has null")]
    [InlineData("""{ "sources": [{ "package": "x", "files": [] }] }""", "files of x is empty")]
    [InlineData("""{ "sources": [{ "package": "--admindir=/", "files": ["*"] }] }""", "package is '--admindir=/'")]
    [InlineData("""{ "sources": [{ "package": "x", "files": ["*"], "format": "html" }] }""", "format")]
    [InlineData("""{ "longest_line": 100, "document_characters": 100, "sources": [{ "package": "x", "files": ["*"] }] }""", "document_characters is 100")]
    [InlineData("""{ "held_out_one_in": 1, "sources": [{ "package": "x", "files": ["*"] }] }""", "held_out_one_in is 1")]
    public void A_wrong_recipe_is_refused_by_name(string json, string expected)
    {
        string path = _directory.File("corpus.json");
        File.WriteAllText(path, json);
        var fault = Assert.Throws<RecipeException>(() => CorpusRecipe.Read(path));
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static string Head(string piece) => piece[..piece.IndexOf('\n', StringComparison.Ordinal)];

    private static string Numbered(string name, int lines) =>
        string.Join('\n', Enumerable.Range(0, lines).Select(i => i == 0 ? name : $"line {i} of it"));

    private static CorpusRecipe Recipe(params CorpusSource[] sources) => new()
    {
        MostFileBytes = 20_000,
        LongestLine = 120,
        DocumentCharacters = 400,
        HeldOutOneIn = 4,
        MostDigits = 0.3,
        Sources = sources,
    };

    private CorpusSource Source(string package, string pattern) => new() { Package = package, Files = [Path.Combine(_directory.Path, pattern)] };

    private Corpus Read(CorpusRecipe recipe) => new CorpusReader(_packages, recipe, 1).Read();

    private void Add(string package, string name, string text) => AddBytes(package, name, Encoding.UTF8.GetBytes(text));

    private void AddBytes(string package, string name, byte[] content)
    {
        string path = _directory.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        _packages.Of(package).Add(path);
    }
}
