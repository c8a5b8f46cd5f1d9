namespace Atlas.Host.Tests.Running;

/// <summary>A fact about builds that were not asked for the TorchSharp engine.</summary>
public sealed class BuildWithoutTorchFactAttribute : FactAttribute
{
    public BuildWithoutTorchFactAttribute()
    {
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"))) Skip = "This build has the TorchSharp engine.";
    }
}
