using System.ComponentModel;
using System.Diagnostics;
using Atlas.Evaluation.Recipes;

namespace Atlas.Evaluation.Text;

/// <summary>The installed packages of a Debian system, asked through <c>dpkg-query</c>. Stateless.</summary>
public sealed class DebianPackages : IPackageIndex
{
    private const string Program = "dpkg-query";

    /// <inheritdoc/>
    public string? Version(string package)
    {
        var lines = Query("--show", "--showformat=${db:Status-Status} ${Version}\\n", package);
        string? installed = lines.FirstOrDefault(line => line.StartsWith("installed ", StringComparison.Ordinal));
        return installed?["installed ".Length..];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files(string package) => Query("--listfiles", package);

    /// <inheritdoc/>
    public string? CopyrightFile(string package)
    {
        string path = $"/usr/share/doc/{package}/copyright";
        return File.Exists(path) ? path : null;
    }

    // What dpkg-query says of a package that it does not know goes to standard error and is not read: the list is empty then.
    private static List<string> Query(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start) ?? throw new RecipeException($"{Program} did not start; expected a Debian system");
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var lines = new List<string>();
            while (process.StandardOutput.ReadLine() is { } line) lines.Add(line);
            process.WaitForExit();
            return lines;
        }
        catch (Win32Exception)
        {
            throw new RecipeException($"{Program} is not there; text of packages is read on a Debian system only");
        }
    }
}
