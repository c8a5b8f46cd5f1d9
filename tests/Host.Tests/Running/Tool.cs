using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Atlas.Host.Tests.Running;

/// <summary>Programs that are not ours and may be missing.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>A file of the repository, by its path from the root.</summary>
    public static string RepositoryFile(string path, [CallerFilePath] string here = "")
    {
        string folder = here;
        while (!File.Exists(Path.Combine(folder, "Atlas.sln"))) folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, path);
    }

    /// <summary>Runs a program to its end; an exit code of -1 where there is none.</summary>
    public static ProgramResult Run(string program, string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetTempPath(),
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            if (process.WaitForExit(Limit)) return new ProgramResult(process.ExitCode, output.Result, error.Result);
            process.Kill();
            return new ProgramResult(-1, "", $"{program} did not end within {Limit}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new ProgramResult(-1, "", e.Message);
        }
    }
}
