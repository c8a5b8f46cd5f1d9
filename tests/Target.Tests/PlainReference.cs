using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Target.Tests;

/// <summary>The target's own token after a text, by one forward over all of it in a fresh cache.</summary>
internal static class PlainReference
{
    public static SampledToken Next(IDecoder decoder, DecodeSequence sequence, params int[] path)
    {
        using var cache = decoder.OpenSequence();
        var plan = new BatchPlan();
        int[] text = [.. sequence.Tokens, .. path];
        for (int at = 0; ; at += 16)
        {
            plan.Clear();
            plan.Begin(cache);
            int count = Math.Min(16, text.Length - at);
            bool last = at + count == text.Length;
            plan.AddChain(text.AsSpan(at, count), BatchPlan.NoParent, last);
            var result = decoder.Forward(plan);
            if (!last)
            {
                cache.CommitChain(count);
                continue;
            }
            var drawn = new SampledToken[1];
            result.Sample(new SampleBatch([new SampleSpec(count - 1, sequence.Sampling, text.Length, 0, path.Length)], path), drawn);
            return drawn[0];
        }
    }
}
