namespace Atlas.Evaluation.Text;

/// <summary>What was read of one package: an entry of the provenance file.</summary>
/// <param name="Package">Its name.</param>
/// <param name="Version">Its installed version.</param>
/// <param name="Licences">Licences that its copyright file names, see <see cref="CopyrightNotice"/>.</param>
/// <param name="CopyrightSha256">SHA-256 of the copyright file in lower-case hexadecimal; null when there is none.</param>
/// <param name="Files">Files that text was taken of.</param>
/// <param name="Bytes">Bytes of their text in UTF-8, after rendering and deduplication.</param>
/// <param name="TextSha256">SHA-256 of that text, in the order it was read.</param>
public sealed record PackageText(
    string Package, string Version, IReadOnlyList<string> Licences, string? CopyrightSha256, int Files, long Bytes, string TextSha256);
