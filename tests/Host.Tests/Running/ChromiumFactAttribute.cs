namespace Atlas.Host.Tests.Running;

/// <summary>
/// A test that needs Chromium (Debian: chromium). Without it the test is skipped, decided at discovery; where the environment variable CI is set
/// it runs, and fails, instead.
/// </summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Found = new(() => Tool.Run("chromium", ["--version"]).ExitCode == 0);

    public ChromiumFactAttribute()
    {
        bool demanded = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (!demanded && !Found.Value) Skip = "needs chromium (Debian: chromium)";
    }
}
