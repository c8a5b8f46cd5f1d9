namespace Atlas.Host.Tests.Running;

/// <summary>
/// A test that needs Python with torch and msgpack (Debian: python3-torch, python3-msgpack). Without them it is skipped, decided at discovery;
/// where the environment variable CI is set it runs, and fails, instead.
/// </summary>
public sealed class PythonServerFactAttribute : FactAttribute
{
    /// <summary>The system's Python.</summary>
    public const string Python = "/usr/bin/python3";

    private const string Probe = "import importlib.util as u, sys; sys.exit(0 if u.find_spec('torch') and u.find_spec('msgpack') else 1)";
    private static readonly Lazy<bool> Found = new(() => Tool.Run(Python, ["-c", Probe]).ExitCode == 0);

    public PythonServerFactAttribute()
    {
        bool demanded = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (!demanded && !Found.Value) Skip = "needs /usr/bin/python3 with torch and msgpack (Debian: python3-torch python3-msgpack)";
    }
}
