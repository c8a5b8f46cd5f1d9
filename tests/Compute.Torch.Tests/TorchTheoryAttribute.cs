namespace Atlas.Compute.Torch.Tests;

/// <summary>A theory that needs TorchSharp: listed by name and skipped, with the reason, in a build without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = TorchUnderTest.SkipReason;
}
