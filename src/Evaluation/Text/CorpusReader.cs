using System.Security.Cryptography;
using System.Text;
using Atlas.Evaluation.Recipes;

namespace Atlas.Evaluation.Text;

/// <summary>
/// Reads the text that a corpus recipe names. The result is a function of recipe, seed and the packages' files, whose hashes stand in the
/// provenance.
/// </summary>
/// <param name="packages">What is installed.</param>
/// <param name="recipe">What is read.</param>
/// <param name="seed">Chooses which files are taken where not all are, their order, and which are held out.</param>
public sealed class CorpusReader(IPackageIndex packages, CorpusRecipe recipe, ulong seed)
{
    /// <summary>Reads all sources.</summary>
    /// <exception cref="RecipeException">A package is not installed or has none of the files; the message says what to install.</exception>
    public Corpus Read()
    {
        var missing = recipe.Sources.Select(s => s.Package).Distinct().Where(package => packages.Version(package) is null).ToList();
        if (missing.Count > 0)
            throw new RecipeException($"packages with training text are not installed; expected: apt-get install {string.Join(' ', missing)}");
        var seen = new RepeatedParagraphs();
        List<CorpusDocument> training = [], heldOut = [];
        var read = new List<PackageText>();
        foreach (var source in recipe.Sources)
        {
            var texts = Texts(source, seen).ToList();
            foreach (var (path, text) in texts) (IsHeldOut(path) ? heldOut : training).AddRange(Cut(text));
            if (texts.Count == 0)
                throw new RecipeException(
                    $"{source.Package} has no text under {string.Join(", ", source.Files)}; expected: apt-get install --reinstall {source.Package}");
            read.Add(Provenance(source.Package, texts));
        }
        return new Corpus(training, heldOut, read);
    }

    private IEnumerable<(string Path, string Text)> Texts(CorpusSource source, RepeatedParagraphs seen)
    {
        var patterns = source.Files.Select(pattern => new PathPattern(pattern)).ToList();
        var paths = packages.Files(source.Package).Where(path => patterns.Exists(pattern => pattern.Matches(path))).Distinct();
        long bytes = 0;
        foreach (string path in paths.OrderBy(Key))
        {
            if (bytes >= source.MostBytes) yield break;
            if (SourceFile.Read(path, source.Format, recipe) is not { } text) continue;
            text = seen.Remove(text);
            if (text.Length == 0) continue;
            bytes += Encoding.UTF8.GetByteCount(text);
            yield return (path, text);
        }
    }

    private bool IsHeldOut(string path) => Key(path) % (ulong)recipe.HeldOutOneIn == 0;

    // Pieces of whole lines, each as long as fits; they meet without loss. A line is always shorter than a document.
    private IEnumerable<CorpusDocument> Cut(string text)
    {
        int start = 0;
        while (text.Length - start > recipe.DocumentCharacters)
        {
            int end = text.LastIndexOf('\n', start + recipe.DocumentCharacters - 1, recipe.DocumentCharacters) + 1;
            yield return new CorpusDocument(text[start..end], EndsFile: false);
            start = end;
        }
        yield return new CorpusDocument(text[start..], EndsFile: true);
    }

    private PackageText Provenance(string package, List<(string Path, string Text)> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        foreach (var (_, text) in texts)
        {
            byte[] content = Encoding.UTF8.GetBytes(text);
            bytes += content.Length;
            hash.AppendData(content);
        }
        string? notice = packages.CopyrightFile(package) is { } path ? File.ReadAllText(path) : null;
        return new PackageText(
            package,
            packages.Version(package)!,
            notice is null ? [] : CopyrightNotice.Licences(notice),
            notice is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(notice))),
            texts.Count,
            bytes,
            Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private ulong Key(string path) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {path}")));
}
