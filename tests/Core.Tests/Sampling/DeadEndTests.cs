using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

/// <summary>Positions where no token is possible: an error where text goes on, token -1 behind draft tokens that may themselves be forbidden.</summary>
public sealed class DeadEndTests
{
    private static readonly float[] Logits = [1, 2, 3, 4];

    [Theory]
    [InlineData(0f)]
    [InlineData(0.8f)]
    public void Behind_a_draft_it_is_no_error(float temperature)
    {
        var sampler = new CoupledSampler(4);
        var drawn = new SampledToken[2];
        sampler.Draw(Logits, Spec(temperature) with { BehindDraft = true }, [], drawn);
        Assert.Equal([-1, -1], drawn.Select(d => d.Token));
        var p = new float[4];
        sampler.Probabilities(Logits, Spec(temperature) with { BehindDraft = true }, [], p);
        Assert.Equal([0, 0, 0, 0], p);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.8f)]
    public void Elsewhere_it_is(float temperature)
    {
        var sampler = new CoupledSampler(4);
        Assert.Throws<InvalidOperationException>(() => sampler.Draw(Logits, Spec(temperature), [], new SampledToken[1]));
        Assert.Throws<InvalidOperationException>(() => sampler.Probabilities(Logits, Spec(temperature), [], new float[4]));
    }

    private static SampleSpec Spec(float temperature) =>
        new(0, new SamplingState(new SamplingOptions { Temperature = temperature }, [1], 4), 1, Mask: new TokenMask(4));
}
