namespace Atlas.Evaluation.Text;

/// <summary>Knows which packages are installed and which files are theirs.</summary>
public interface IPackageIndex
{
    /// <summary>The installed version of a package; null when it is not installed.</summary>
    string? Version(string package);

    /// <summary>Paths of an installed package's files, directories included.</summary>
    IReadOnlyList<string> Files(string package);

    /// <summary>The package's copyright file; null when it has none.</summary>
    string? CopyrightFile(string package);
}
