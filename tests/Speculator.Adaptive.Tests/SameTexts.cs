using Atlas.Core.Decoding;

namespace Atlas.Speculator.Adaptive.Tests;

/// <summary>Speculation changes no token: what plain decoding and another way wrote, request by request.</summary>
internal static class SameTexts
{
    /// <summary>Tokens and log-probabilities are the same, to the bit.</summary>
    public static void Assert(IReadOnlyList<DecodeSequence> plain, IReadOnlyList<DecodeSequence> other)
    {
        for (int i = 0; i < plain.Count; i++)
        {
            Xunit.Assert.Equal(plain[i].Output.ToArray(), other[i].Output.ToArray());
            Xunit.Assert.Equal(plain[i].OutputLogProbs.ToArray(), other[i].OutputLogProbs.ToArray());
        }
    }
}
