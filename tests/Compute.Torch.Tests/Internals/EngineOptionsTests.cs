namespace Atlas.Compute.Torch.Tests.Internals;

/// <summary>Devices and libraries that are not there are refused in one line.</summary>
public sealed class EngineOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    public void Unknown_devices_are_named(string device)
    {
        var error = Assert.Throws<ArgumentException>(() => new TorchEngine(new() { Device = device }));
        Assert.Contains($"'{device}'; expected cpu, cuda or cuda:N", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_draft_model_has_a_device_of_its_own_where_one_is_named()
    {
        using var alone = new TorchEngine(TorchUnderTest.Options);
        Assert.Same(alone, alone.ForDraft());
        using var pair = new TorchEngine(TorchUnderTest.Options with { DraftDevice = "cpu" });
        Assert.StartsWith("cpu,", pair.ForDraft().Info.Device, StringComparison.Ordinal);
        Assert.NotSame(pair, pair.ForDraft());
        using var wrong = new TorchEngine(TorchUnderTest.Options with { DraftDevice = "gpu" });
        Assert.Throws<ArgumentException>(wrong.ForDraft);
    }

    [Fact]
    public void A_library_folder_that_is_not_there_is_named()
    {
        string missing = Path.Combine(AppContext.BaseDirectory, "no-such-folder");
        var error = Assert.Throws<NotSupportedException>(() => new TorchEngine(new() { LibraryDirectory = missing }));
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_folder_without_libtorch_is_named()
    {
        string empty = Directory.CreateTempSubdirectory().FullName;
        var error = Assert.Throws<NotSupportedException>(() => new TorchEngine(new() { LibraryDirectory = empty }));
        Assert.Contains(empty, error.Message, StringComparison.Ordinal);
        Directory.Delete(empty);
    }
}
