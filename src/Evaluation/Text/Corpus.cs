namespace Atlas.Evaluation.Text;

/// <summary>Text of packages, cut into documents. No text occurs on both sides.</summary>
/// <param name="Training">Documents to learn from, file by file.</param>
/// <param name="HeldOut">Documents of files that are never learned from.</param>
/// <param name="Packages">Where all of it comes from.</param>
public sealed record Corpus(
    IReadOnlyList<CorpusDocument> Training, IReadOnlyList<CorpusDocument> HeldOut, IReadOnlyList<PackageText> Packages);
