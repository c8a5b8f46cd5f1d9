using Atlas.Evaluation.PolicyGradient;

namespace Atlas.Evaluation.Tests.PolicyGradient;

public sealed class GrpoLossTests
{
    private const float Clip = 0.2f;
    private const float Kl = 0.1f;

    [Fact]
    public void Targets_are_the_outputs_tokens_and_each_sample_weighs_the_same()
    {
        PolicySample[] samples = [new([1, 2, 3], [4, 5], 1f), new([6], [7], -2f)];
        var batch = Assert.Single(PolicyBatch.Cut(samples, 100));
        Assert.Equal([4, 1], batch.Tokens.Lengths);
        Assert.Equal([1, 2, 3, 4, 6], batch.Tokens.Tokens);
        Assert.Equal([-1, -1, 4, 5, 7], batch.Tokens.Targets);
        Assert.Equal([0f, 0f, 0.25f, 0.25f, 0.5f], batch.Weights);
        Assert.Equal([0f, 0f, 1f, 1f, -2f], batch.Advantages);
    }

    [Fact]
    public void What_samples_of_a_prompt_have_in_common_is_laid_out_once()
    {
        PolicySample[] samples = [new([1, 2, 3], [4, 5], 1f), new([1, 2, 3], [6], -1f), new([7, 8], [9], 2f)];
        var batch = Assert.Single(PolicyBatch.Cut(samples, 100));
        Assert.Equal([2, 2, 1, 2], batch.Tokens.Lengths);
        Assert.Equal([false, true, true, false], batch.Tokens.Continues);
        Assert.Equal([1, 2, 3, 4, 3, 7, 8], batch.Tokens.Tokens);
        Assert.Equal([-1, -1, 4, 5, 6, -1, 9], batch.Tokens.Targets);
        Assert.Equal([0f, 0f, 1f, 1f, -1f, 0f, 2f], batch.Advantages);
        Assert.Equal(1, batch.Weights.Sum(), 1e-6);
        // Where a group does not fit, its prompt comes again.
        Assert.Equal([4, 3, 2], PolicyBatch.Cut(samples, 4).Select(part => Assert.Single(part.Tokens.Lengths)));
    }

    [Fact]
    public void Log_probabilities_are_those_of_samples_spelled_out()
    {
        using var policy = new TinyPolicy();
        using var learner = new PolicyLearner(policy.Engine, TinyPolicy.Config, policy.Start, new GrpoOptions());
        PolicySample[] samples = [.. Enumerable.Range(0, 5).Select(i => new PolicySample([3, 1, 4, 1, 5], [.. Enumerable.Range(1, 2 + i).Select(t => (t * 7 + i) % 20)], 1f))];
        var together = PolicyBatch.Cut(samples, 1000)[0];
        var apart = samples.Select(sample => PolicyBatch.Cut([sample], 1000)[0]).ToList();
        Assert.True(together.Tokens.Positions < apart.Sum(batch => batch.Tokens.Positions) - 10);
        float[] own = LogProbs(together);
        Assert.Equal(own.Length, samples.Sum(sample => sample.Output.Length));
        foreach (var (expected, actual) in apart.SelectMany(LogProbs).Zip(own)) Assert.Equal(expected, actual, 1e-5);

        float[] LogProbs(PolicyBatch batch)
        {
            var all = new float[batch.Tokens.Positions];
            learner.Policy.LogProbs(batch.Tokens, all);
            return [.. all.Where((_, i) => batch.Tokens.Targets[i] >= 0)];
        }
    }

    [Fact]
    public void The_policy_that_drew_the_samples_needs_no_old_log_probabilities()
    {
        PolicyBatch known = Batch(advantage: 0.75f, old: -1.5f, reference: -1f), unknown = Batch(advantage: 0.75f, old: -9f, reference: -1f);
        var (expected, actual) = (new float[1], new float[1]);
        var loss = new GrpoLoss(Clip, Kl);
        loss.Begin(unknown, drewSamples: true);
        Assert.Equal(Loss(known).Evaluate(known.Tokens, [-1.5f], expected), loss.Evaluate(unknown.Tokens, [-1.5f], actual));
        Assert.Equal(expected, actual);
        Assert.Equal(-1.5f, unknown.OldLogProbs[0]);
    }

    [Fact]
    public void Cutting_an_update_into_batches_loses_no_sample_and_changes_no_weight()
    {
        PolicySample[] samples = [.. Enumerable.Range(1, 9).Select(i => new PolicySample([.. Enumerable.Repeat(1, i)], [2, 3, 4], i))];
        var whole = Assert.Single(PolicyBatch.Cut(samples, 1000));
        var parts = PolicyBatch.Cut(samples, 12);
        Assert.True(parts.Count > 3);
        Assert.All(parts, part => Assert.True(part.Tokens.Positions <= 12 || part.Tokens.Lengths.Length == 1));
        Assert.Equal(whole.Tokens.Tokens, parts.SelectMany(part => part.Tokens.Tokens));
        Assert.Equal(whole.Tokens.Targets, parts.SelectMany(part => part.Tokens.Targets));
        Assert.Equal(whole.Weights, parts.SelectMany(part => part.Weights));
        Assert.Equal(1, whole.Weights.Sum(), 1e-5);
    }

    [Fact]
    public void Without_a_step_the_loss_is_the_mean_advantage_and_the_gradient_that_of_the_policy_gradient()
    {
        var batch = Batch(advantage: 0.75f, old: -1f, reference: -1f);
        var derivative = new float[1];
        double loss = Loss(batch).Evaluate(batch.Tokens, [-1f], derivative);
        Assert.Equal(-0.75, loss, 1e-6);
        Assert.Equal(-0.75, derivative[0], 1e-6);
    }

    // Ratio exp(0.5) = 1.6487 is beyond 1.2, exp(-0.5) = 0.6065 is below 0.8.
    [Theory]
    [InlineData(1f, 0.5f, -1.2, true)]
    [InlineData(-1f, 0.5f, 1.6487213, false)]
    [InlineData(1f, -0.5f, -0.6065307, false)]
    [InlineData(-1f, -0.5f, 0.8, true)]
    [InlineData(1f, 0.1f, -1.1051709, false)]
    public void A_gain_is_cut_where_the_ratio_has_gone_far_enough(float advantage, float step, double expected, bool cut)
    {
        var batch = Batch(advantage, old: -1f, reference: -1f + step);
        var loss = Loss(batch);
        var derivative = new float[1];
        Assert.Equal(expected, loss.Evaluate(batch.Tokens, [-1f + step], derivative), 1e-6);
        Assert.Equal(cut ? 0 : -Math.Exp(step) * advantage, derivative[0], 1e-6);
        Assert.Equal(cut ? 1 : 0, loss.Clipped);
    }

    // r = e^1: r - 1 - log r = 0.7182818; its slope is 1 - r = -1.7182818.
    [Fact]
    public void The_divergence_pulls_back_to_the_start_policy()
    {
        var batch = Batch(advantage: 0, old: -2f, reference: -1f);
        var loss = Loss(batch);
        var derivative = new float[1];
        Assert.Equal(Kl * 0.7182818, loss.Evaluate(batch.Tokens, [-2f], derivative), 1e-6);
        Assert.Equal(Kl * -1.7182818, derivative[0], 1e-6);
        Assert.Equal(0.7182818, loss.Divergence, 1e-6);
    }

    [Fact]
    public void The_derivative_is_that_of_finite_differences()
    {
        var random = new Random(4);
        const float Step = 1e-3f;
        int cut = 0;
        for (int round = 0; round < 300; round++)
        {
            PolicySample[] samples = [.. Enumerable.Range(0, 3).Select(_ => new PolicySample([1, 2], [3, 4, 5], (float)(random.NextDouble() * 4 - 2)))];
            var batch = PolicyBatch.Cut(samples, 100)[0];
            var logProbs = new float[batch.Tokens.Positions];
            for (int i = 0; i < logProbs.Length; i++)
            {
                logProbs[i] = (float)(-3 * random.NextDouble());
                batch.OldLogProbs[i] = logProbs[i] + (float)(random.NextDouble() - 0.5);
                batch.ReferenceLogProbs[i] = logProbs[i] + (float)(random.NextDouble() - 0.5);
            }
            float[] derivative = new float[logProbs.Length], ignored = new float[logProbs.Length];
            var loss = Loss(batch);
            loss.Evaluate(batch.Tokens, logProbs, derivative);
            cut += (int)loss.Clipped;
            for (int i = 0; i < logProbs.Length; i++)
            {
                double ratio = Math.Exp(logProbs[i] - batch.OldLogProbs[i]);
                // At the edge of the cut there is no derivative.
                if (Math.Abs(Math.Abs(ratio - 1) - Clip) < 0.01) continue;
                float before = logProbs[i];
                logProbs[i] = before + Step;
                double above = loss.Evaluate(batch.Tokens, logProbs, ignored), up = logProbs[i];
                logProbs[i] = before - Step;
                double below = loss.Evaluate(batch.Tokens, logProbs, ignored);
                Assert.Equal((above - below) / (up - logProbs[i]), derivative[i], 1e-4);
                logProbs[i] = before;
            }
        }
        Assert.True(cut > 100);
    }

    [Fact]
    public void Another_batch_than_the_one_begun_is_refused()
    {
        var loss = Loss(Batch(1, -1, -1));
        Assert.Throws<InvalidOperationException>(() => loss.Evaluate(Batch(1, -1, -1).Tokens, [-1f], new float[1]));
    }

    private static GrpoLoss Loss(PolicyBatch batch)
    {
        var loss = new GrpoLoss(Clip, Kl);
        loss.Begin(batch);
        return loss;
    }

    private static PolicyBatch Batch(float advantage, float old, float reference)
    {
        var batch = PolicyBatch.Cut([new PolicySample([1], [2], advantage)], 10)[0];
        (batch.OldLogProbs[0], batch.ReferenceLogProbs[0]) = (old, reference);
        return batch;
    }
}
