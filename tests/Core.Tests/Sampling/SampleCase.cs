using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

/// <summary>Everything one draw depends on besides the logits.</summary>
internal sealed record SampleCase(SamplingOptions Options)
{
    public int[] Prompt { get; init; } = [0];

    public int[] Output { get; init; } = [];

    public int[] Path { get; init; } = [];

    public long Position { get; init; } = 5;

    public TokenMask? Mask { get; init; }

    public int[]? Ids { get; init; }

    public SampleSpec Spec()
    {
        var state = new SamplingState(Options, Prompt, 1000);
        foreach (int token in Output) state.Emit(token);
        return new SampleSpec(0, state, Position, 0, Path.Length, Mask);
    }

    public SampledToken[] Draw(CoupledSampler sampler, float[] logits, int count = 1)
    {
        var best = new SampledToken[count];
        sampler.Draw(logits, Spec(), Path, best, Ids);
        return best;
    }
}
