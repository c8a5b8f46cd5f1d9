using Atlas.Core.Decoding;
using Atlas.Host.Speculation;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Speculation;

/// <summary>
/// Whoever drafts, in whatever company, while versions of the learned speculator change under way: tokens and log-probabilities are plain
/// decoding's, to the bit. One request in four has a constraint that leaves nothing to draw behind drafts that it forbids.
/// </summary>
public sealed class StrategiesChangeNoTokenTests(TinyPair tiny) : IClassFixture<TinyPair>
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void On_a_random_pair(int batch) => Compare(tiny.Target, tiny.Draft, batch, requests: batch == 1 ? 6 : 24, maxTokens: 36);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(16)]
    public void On_the_small_pair(int batch)
    {
        string models = Path.Combine(Repository.Root, "models", "small");
        Compare(Path.Combine(models, "target"), Path.Combine(models, "draft"), batch, requests: batch == 1 ? 4 : 20, maxTokens: 32);
    }

    [Fact]
    public void Without_a_draft_model_auto_and_merged_do_with_the_others()
    {
        using var rig = new StackRig(tiny.Target, draft: null, batch: 2);
        var plain = Run(rig, StrategyNames.None, 6, 30);
        foreach (string strategy in (string[])[StrategyNames.Auto, StrategyNames.Merged]) AssertSame(plain, Run(rig, strategy, 6, 30), strategy);
    }

    private static void Compare(string target, string draft, int batch, int requests, int maxTokens)
    {
        using var rig = new StackRig(target, draft, batch);
        var plain = Run(rig, StrategyNames.None, requests, maxTokens);
        Assert.All(plain, s => Assert.Equal(0, s.Statistics.Drafted));
        foreach (string strategy in StrategyNames.All.Where(s => s != StrategyNames.None))
        {
            var decoded = Run(rig, strategy, requests, maxTokens);
            AssertSame(plain, decoded, strategy);
            // The controller may find that drafting does not pay; where the lookahead is fixed, something must have been accepted.
            if (strategy is StrategyNames.Static or StrategyNames.Merged) Assert.True(decoded.Sum(s => s.Statistics.Accepted) > 0, strategy);
        }
    }

    private static DecodeSequence[] Run(StackRig rig, string strategy, int requests, int maxTokens)
    {
        using var stack = rig.Create(strategy);
        return rig.Decode(stack, requests, maxTokens);
    }

    private static void AssertSame(DecodeSequence[] expected, DecodeSequence[] actual, string strategy)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].Output.SequenceEqual(actual[i].Output), $"{strategy}: request {i}");
            Assert.Equal(
                expected[i].OutputLogProbs.ToArray().Select(BitConverter.SingleToInt32Bits),
                actual[i].OutputLogProbs.ToArray().Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(expected[i].Finish, actual[i].Finish);
        }
    }
}
