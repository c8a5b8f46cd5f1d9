using System.Text.RegularExpressions;

namespace Atlas.Evaluation.Text;

/// <summary>
/// The licences that a package's copyright file names: the short names of its <c>License:</c> fields where it is written in the
/// machine-readable format (DEP-5), otherwise the texts under <c>/usr/share/common-licenses</c> that it refers to and a few licences that
/// name themselves in a heading. It is a list of names for a provenance file, no legal reading.
/// </summary>
internal static partial class CopyrightNotice
{
    private static readonly (string Heading, string Name)[] Headings =
    [
        ("PYTHON SOFTWARE FOUNDATION LICENSE", "PSF-2.0"),
        ("GCC RUNTIME LIBRARY EXCEPTION", "GCC-exception-3.1"),
        ("VIM LICENSE", "Vim"),
    ];

    /// <summary>Licence names in alphabetical order; empty when none is recognized.</summary>
    public static IReadOnlyList<string> Licences(string text)
    {
        bool machineReadable = text.StartsWith("Format:", StringComparison.Ordinal);
        var names = machineReadable
            ? Field().Matches(text).Select(match => match.Groups[1].Value.Trim())
            : Common().Matches(text).Select(match => match.Groups[1].Value.TrimEnd('.'))
                .Concat(Headings.Where(h => text.Contains(h.Heading, StringComparison.OrdinalIgnoreCase)).Select(h => h.Name));
        return [.. names.Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"^License:[ \t]*([^\r\n]*)", RegexOptions.Multiline)]
    private static partial Regex Field();

    [GeneratedRegex(@"/usr/share/common-licenses/([A-Za-z0-9.+-]+)")]
    private static partial Regex Common();
}
