namespace Atlas.Host.Tests.Running;

/// <summary>
/// A test that needs Neovim (Debian: neovim). Without it the test is skipped, decided at discovery; where the environment variable CI is set
/// it runs, and fails, instead.
/// </summary>
public sealed class NeovimFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Found = new(() => Tool.Run("nvim", ["--version"]).ExitCode == 0);

    public NeovimFactAttribute()
    {
        bool demanded = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (!demanded && !Found.Value) Skip = "needs nvim (Debian: neovim)";
    }
}
