using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Atlas.Protocol.Tests;

/// <summary>
/// A test that needs Python with msgpack (Debian: python3-msgpack). Without it the test is skipped, decided at discovery; where the
/// environment variable CI is set it runs, and fails, instead.
/// </summary>
public sealed class PythonMsgpackFactAttribute : FactAttribute
{
    private const string Python = "/usr/bin/python3";
    private static readonly Lazy<bool> Found = new(() => Run("/", "-c", "import msgpack; msgpack.Timestamp").ExitCode == 0);

    public PythonMsgpackFactAttribute()
    {
        bool demanded = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (!demanded && !Found.Value) Skip = "needs /usr/bin/python3 with msgpack 1.0 (Debian: python3-msgpack)";
    }

    /// <summary>A file of the repository, by its path from the root.</summary>
    internal static string File(string path, [CallerFilePath] string here = "")
    {
        string folder = here;
        while (!System.IO.File.Exists(Path.Combine(folder, "Atlas.sln"))) folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, path);
    }

    /// <summary>Starts the system's Python with its three streams redirected.</summary>
    internal static Process Start(string folder, params string[] arguments) => Process.Start(new ProcessStartInfo(Python, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1", ["PYTHONIOENCODING"] = "utf-8" },
    })!;

    /// <summary>Runs the system's Python to its end; an exit code of -1 where there is none.</summary>
    internal static (int ExitCode, string Output) Run(string folder, params string[] arguments)
    {
        if (!System.IO.File.Exists(Python)) return (-1, $"no {Python}");
        using Process process = Start(folder, arguments);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
