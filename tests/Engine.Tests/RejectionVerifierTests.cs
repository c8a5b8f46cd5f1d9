using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Engine.Tests;

public sealed class RejectionVerifierTests
{
    private readonly int[] _path = new int[4];
    private readonly SampledToken[] _emitted = new SampledToken[5];

    [Fact]
    public void Equal_distributions_accept_all_and_add_a_bonus_token()
    {
        var sequence = Sequence([0.5f, 0.5f, 0f], [0.5f, 0.5f, 0f], [0f, 0f, 1f]);
        Assert.Equal(2, new RejectionVerifier().Verify(sequence, _path, _emitted));
        Assert.Equal([0, 1], _path[..2]);
        Assert.Equal([0, 0, 2], _emitted[..3].Select(e => e.Token));
        Assert.Equal(MathF.Log(0.5f), _emitted[0].LogProb);
    }

    [Fact]
    public void A_token_the_target_excludes_is_replaced_and_nothing_follows_it()
    {
        var sequence = Sequence([0.5f, 0.5f, 0f], [0f, 0f, 1f], [0f, 1f, 0f]);
        Assert.Equal(1, new RejectionVerifier().Verify(sequence, _path, _emitted));
        Assert.Equal([0, 2], _emitted[..2].Select(e => e.Token));
    }

    [Fact]
    public void Faults_are_refused()
    {
        var plain = new DecodeSequence(1, [1], SamplingOptions.Greedy, new StopRules(5, []), 4);
        Assert.Throws<InvalidOperationException>(() => new RejectionVerifier().Verify(plain, _path, _emitted));
        var branching = Sequence([1f, 0f, 0f], [1f, 0f, 0f], [1f, 0f, 0f]);
        branching.Draft.Add(2, 0, 1f);
        Assert.Throws<InvalidOperationException>(() => new RejectionVerifier().Verify(branching, _path, _emitted));
    }

    // Drafts token 0 twice from q = (1/2, 1/2, 0); the target's distributions are given.
    private static DecodeSequence Sequence(params float[][] target)
    {
        var sequence = new DecodeSequence(1, [1], new SamplingOptions { Temperature = 1f, Seed = 5 }, new StopRules(5, []), 4);
        sequence.KeepDistributions(3);
        for (int i = 0; i < 2; i++)
        {
            sequence.Draft.Add(0, i - 1, 0.5f);
            sequence.DraftProbabilities!.Row(i)[0] = sequence.DraftProbabilities.Row(i)[1] = 0.5f;
        }
        for (int i = 0; i < target.Length; i++) target[i].CopyTo(sequence.TargetProbabilities!.Row(i));
        return sequence;
    }
}
