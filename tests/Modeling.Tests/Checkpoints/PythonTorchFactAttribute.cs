using System.Diagnostics;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>
/// A test that needs Python with torch and numpy (Debian: python3-torch). Without them it is skipped, decided at discovery; where the
/// environment variable CI is set it runs, and fails, instead.
/// </summary>
public sealed class PythonTorchFactAttribute : FactAttribute
{
    private const string Probe = "import importlib.util as u, sys; sys.exit(0 if u.find_spec('torch') and u.find_spec('numpy') else 1)";
    private static readonly Lazy<bool> Found = new(() => Run("-c", Probe).ExitCode == 0);

    public PythonTorchFactAttribute()
    {
        bool demanded = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (!demanded && !Found.Value) Skip = "needs /usr/bin/python3 with torch and numpy (Debian: python3-torch)";
    }

    /// <summary>Runs the system's Python; an exit code of -1 where there is none.</summary>
    internal static (int ExitCode, string Output) Run(params string[] arguments)
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python)) return (-1, $"no {Python}");
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
