using Atlas.Conformance.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests;

/// <summary>Asking for more memory than there is.</summary>
public sealed class DeviceMemoryTests
{
    [Fact]
    public void A_cache_that_does_not_fit_is_refused_with_what_was_asked_and_what_is_free()
    {
        using var engine = TorchUnderTest.Create();
        var config = TinyModels.All["llama"];
        var weights = new TestWeights(config, 1);
        var error = Assert.Throws<InsufficientMemoryException>(
            () => engine.LoadDecoder(config, weights, new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 200_000_000 }));
        Assert.Contains("200000000 cache slots of 384 rows takes at least", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("MB is free", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        engine.LoadDecoder(config, weights, new DecoderOptions { Format = WeightFormat.F32 }).Dispose();
    }

    [Fact]
    public void Free_memory_is_reported()
    {
        using var engine = TorchUnderTest.Create();
        Assert.True(engine.ReadFreeMemory() > 1 << 20);
    }
}
