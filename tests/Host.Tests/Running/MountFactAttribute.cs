namespace Atlas.Host.Tests.Running;

/// <summary>
/// A test that needs file systems of its own, which take root's rights or user namespaces (Linux: <c>unshare -rm</c>). Where neither is to be
/// had, as in some containers, it is skipped, also in CI: nothing that could be installed would change that.
/// </summary>
public sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Found = new(() =>
        OperatingSystem.IsLinux() && Tool.Run("unshare", ["-rm", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]).ExitCode == 0);

    public MountFactAttribute()
    {
        if (!Found.Value) Skip = "needs unshare -rm and mount (Linux with user namespaces, or root)";
    }
}
