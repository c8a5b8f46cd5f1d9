namespace Atlas.Host.Tests.Running;

/// <summary>
/// A test that needs npm, Node and a registry that has the package <c>openai</c>. Where one of them is missing it is skipped, decided at
/// discovery; in CI too, as registries are not everywhere to be reached.
/// </summary>
public sealed class NpmFactAttribute : FactAttribute
{
    /// <summary>The package with its version.</summary>
    public const string Package = "openai@7.57.0";

    private static readonly Lazy<bool> Found = new(() => Tool.Run("node", ["--version"]).ExitCode == 0
        && Tool.Run("npm", ["view", Package, "version", "--fetch-retries=0", "--fetch-timeout=10000"]) is { ExitCode: 0, Output.Length: > 0 });

    public NpmFactAttribute()
    {
        if (!Found.Value) Skip = $"needs node, and npm with a registry that has {Package}";
    }
}
