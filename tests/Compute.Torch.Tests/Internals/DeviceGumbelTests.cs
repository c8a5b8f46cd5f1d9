using Atlas.Core.Sampling;
using TorchSharp;

namespace Atlas.Compute.Torch.Tests.Internals;

/// <summary>The device's noise against the host's, over vocabularies larger than the golden ones.</summary>
public sealed class DeviceGumbelTests
{
    [Fact]
    public void Two_million_values_equal_the_hosts_to_the_bit()
    {
        const int Vocabulary = 131_071;
        using var engine = TorchUnderTest.Create();
        var device = torch.device(TorchUnderTest.Options.Device);
        using var scope = torch.NewDisposeScope();
        var specs = Enumerable.Range(0, 16).Select(Spec).ToArray();
        var noise = DeviceGumbel.AddTo(torch.zeros([specs.Length, Vocabulary], device: device), specs).cpu().data<float>().ToArray();
        var expected = new float[Vocabulary];
        for (int i = 0; i < specs.Length; i++)
        {
            Array.Clear(expected);
            GumbelNoise.AddTo(expected, GumbelNoise.Key(specs[i].State.Options.Seed, specs[i].Position));
            Assert.True(expected.AsSpan().SequenceEqual(noise.AsSpan(i * Vocabulary, Vocabulary)));
        }
    }

    private static SampleSpec Spec(int i) =>
        new(0, new SamplingState(new SamplingOptions { Temperature = 1f, Seed = ulong.MaxValue / 17 * (ulong)i }, [], 1), 1L << (2 * i));
}
