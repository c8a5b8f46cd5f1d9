namespace Atlas.Evaluation.Text;

/// <summary>Text of one Debian package.</summary>
public sealed record CorpusSource
{
    /// <summary>The package's name.</summary>
    public required string Package { get; init; }

    /// <summary>
    /// Which of the package's files, as patterns of whole paths: <c>*</c> stands for any characters but <c>/</c>, <c>**</c> for any at all,
    /// <c>?</c> for one that is not <c>/</c>.
    /// </summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>How the files are written.</summary>
    public SourceFormat Format { get; init; }

    /// <summary>Bytes of text after which no further file is taken. Files are taken in an order drawn from the seed.</summary>
    public int MostBytes { get; init; } = int.MaxValue;

    internal string? Fault()
    {
        if (string.IsNullOrWhiteSpace(Package) || Package.StartsWith('-')) return $"package is '{Package}'; expected a package's name";
        if (Files.Count == 0) return $"files of {Package} is empty; expected at least one pattern";
        if (Files.Any(string.IsNullOrEmpty)) return $"files of {Package} has an empty pattern; expected paths";
        return MostBytes < 1 ? $"most_bytes of {Package} is {MostBytes}; expected 1 or more" : null;
    }
}
