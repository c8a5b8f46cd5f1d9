using System.Runtime.InteropServices;
using TorchSharp;

namespace Atlas.Compute.Torch.Tests.Internals;

/// <summary>libtorch's own refusal to allocate, and other errors of it.</summary>
public sealed class AllocationFailureTests
{
    [Fact]
    public void Libtorchs_refusal_names_what_was_asked_and_what_is_free()
    {
        using var engine = TorchUnderTest.Create();
        var device = torch.device(TorchUnderTest.Options.Device);
        const long Elements = 1L << 52;
        var error = Assert.Throws<InsufficientMemoryException>(
            () => DeviceMemory.Guard("a test", 4 * Elements, device, () => torch.empty([Elements], torch.ScalarType.Float32, device)));
        Assert.Matches(@"^a test takes at least 18014398509\.5 MB on the device; [0-9.]+ MB is free$", error.Message);
        Assert.IsType<ExternalException>(error.InnerException, exactMatch: false);
    }

    [Fact]
    public void Other_errors_pass()
    {
        using var engine = TorchUnderTest.Create();
        Assert.Throws<FormatException>(() => DeviceMemory.Guard<int>("a test", 1, torch.CPU, () => throw new FormatException()));
    }
}
