namespace Atlas.Host.Tests.Running;

/// <summary>
/// A test that sets a process's time of day, which takes a C compiler and Linux. Without them it is skipped, decided at discovery; where the environment variable
/// CI is set it runs, and fails, instead.
/// </summary>
public sealed class ClockFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Found = new(() => OperatingSystem.IsLinux() && Tool.Run("cc", ["--version"]).ExitCode == 0);

    public ClockFactAttribute()
    {
        bool demanded = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (!demanded && !Found.Value) Skip = "needs Linux and cc (Debian: gcc libc6-dev)";
    }
}
