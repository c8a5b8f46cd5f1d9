namespace Atlas.Compute.Torch.Tests;

/// <summary>A test that needs TorchSharp: listed by name and skipped, with the reason, in a build without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = TorchUnderTest.SkipReason;
}
