using Atlas.Evaluation.PolicyGradient;
using Atlas.Evaluation.Rollouts;
using Atlas.Modeling;

namespace Atlas.Evaluation.Tests.PolicyGradient;

/// <summary>The loop of rollouts and learning on a tiny policy whose task is to say one token as often as it can.</summary>
public sealed class PolicyLearnerTests
{
    private const int Wanted = 7;
    private const int Prompts = 4;
    private const int Group = 8;

    [Fact]
    public void The_reward_rises()
    {
        double[] rewards = Run(policy => policy.Plain(), steps: 40).Rewards;
        Assert.True(rewards.Take(4).Average() < 0.25, $"the start earns {rewards.Take(4).Average()}");
        Assert.True(rewards.TakeLast(4).Average() > 0.75, $"the end earns {rewards.TakeLast(4).Average()}");
    }

    [Fact]
    public void Whoever_draws_the_samples_rewards_and_weights_are_the_same_to_the_bit()
    {
        var plain = Run(policy => policy.Plain(), steps: 6);
        foreach (var other in (Func<TinyPolicy, RolloutStrategy>[])[policy => policy.Static(), policy => policy.Suffix()])
        {
            var run = Run(other, steps: 6);
            Assert.True(run.Accepted > 0);
            Assert.Equal(plain.Rewards.Select(BitConverter.DoubleToInt64Bits), run.Rewards.Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(Bits(plain.Weights), Bits(run.Weights));
        }
    }

    [Fact]
    public void A_step_lowers_the_loss_and_reports_what_it_did()
    {
        using var policy = new TinyPolicy();
        using var learner = new PolicyLearner(policy.Engine, TinyPolicy.Config, policy.Start, Options with { UpdatesPerStep = 1 });
        PolicySample[] samples = [new([1, 2], [Wanted, TinyPolicy.End], 1f), new([1, 2], [3, 4, 5], -1f)];
        var first = learner.Learn(samples, 2);
        // Before its first update the policy is the one that drew the samples: no ratio, no divergence.
        Assert.Equal(0, first.Loss, 1e-6);
        Assert.Equal(0, first.ClippedShare);
        Assert.Equal(0, first.Divergence!.Value, 1e-6);
        Assert.True(first.GradientNorm > 0);
        var second = learner.Learn(samples, 2);
        Assert.True(second.Divergence > 0);
        Assert.Equal(2, learner.Policy.UpdateCount);
    }

    [Fact]
    public void Samples_that_do_not_share_out_are_refused()
    {
        using var policy = new TinyPolicy();
        using var learner = new PolicyLearner(policy.Engine, TinyPolicy.Config, policy.Start, Options with { UpdatesPerStep = 2 });
        Assert.Contains("share out", Assert.Throws<ArgumentException>(() => learner.Learn([new([1], [2], 1f), new([1], [2], 1f)], 2)).Message, StringComparison.Ordinal);
    }

    private static GrpoOptions Options { get; } = new() { LearningRate = 0.01f, KlWeight = 0.001f, UpdatesPerStep = 2, BatchTokens = 60 };

    private static (double[] Rewards, WeightsInMemory Weights, long Accepted) Run(Func<TinyPolicy, RolloutStrategy> strategy, int steps)
    {
        using var policy = new TinyPolicy();
        using var learner = new PolicyLearner(policy.Engine, TinyPolicy.Config, policy.Start, Options);
        var runner = new RolloutRunner(strategy(policy), 8, TinyPolicy.Config.EndTokens);
        var weights = new WeightsInMemory();
        var rewards = new double[steps];
        long accepted = 0;
        for (int step = 0; step < steps; step++)
        {
            var requests = TinyPolicy.Requests(Prompts, Group, step);
            var result = runner.Run(requests, step * requests.Count);
            double[] own = [.. result.Samples.Select(sample => (double)sample.Tokens.Count(token => token == Wanted) / sample.Tokens.Length)];
            var advantages = new float[own.Length];
            for (int i = 0; i < own.Length; i += Group) GroupAdvantages.Compute(own.AsSpan(i, Group), advantages.AsSpan(i, Group));
            learner.Learn([.. result.Samples.Select((sample, i) => new PolicySample(requests[i].Prompt, sample.Tokens, advantages[i]))], Group);
            learner.Policy.ExportWeights(weights);
            policy.Serving.ReplaceWeights(weights);
            rewards[step] = own.Average();
            accepted += result.Totals.Accepted;
        }
        return (rewards, weights, accepted);
    }

    private static List<int> Bits(WeightsInMemory weights) =>
        [.. weights.Tensors.SelectMany(tensor => weights.Values(tensor.Name).ToArray()).Select(BitConverter.SingleToInt32Bits)];
}
