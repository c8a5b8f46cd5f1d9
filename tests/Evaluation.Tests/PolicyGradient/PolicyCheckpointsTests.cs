using Atlas.Evaluation.PolicyGradient;
using Atlas.Modeling;
using Atlas.Trainer.Online;

namespace Atlas.Evaluation.Tests.PolicyGradient;

public sealed class PolicyCheckpointsTests
{
    [Fact]
    public void A_learner_that_goes_on_from_a_checkpoint_learns_the_same_bits()
    {
        using var directory = new TemporaryDirectory();
        using var policy = new TinyPolicy();
        var options = new GrpoOptions { LearningRate = 0.01f, UpdatesPerStep = 1 };
        PolicySample[] samples = [new([1, 2], [3, 4, 5], 1f), new([1, 2], [6, 0], -1f)];
        using var learner = new PolicyLearner(policy.Engine, TinyPolicy.Config, policy.Start, options);
        learner.Learn(samples, 2);
        var checkpoints = new PolicyCheckpoints(directory.Path, []);
        checkpoints.Save(learner.Policy, State(1, learner.Policy.UpdateCount), [Head()]);
        learner.Learn(samples, 2);

        using var checkpoint = checkpoints.OpenNewest()!;
        using var resumed = PolicyLearner.Resume(policy.Engine, TinyPolicy.Config, policy.Start, checkpoint, options);
        resumed.Learn(samples, 2);
        Assert.Equal(Bits(learner), Bits(resumed));
        Assert.Equal(2, resumed.Policy.UpdateCount);
        var head = Assert.Single(checkpoint.Heads);
        Assert.Equal(("simulated-atlas", "short-tools"), (head.Strategy, head.Domain));
        Assert.Equal([3, 1, 2], head.Weights.HotVocabulary);
        var values = new float[2];
        head.Weights.Weights.Read("w", values);
        Assert.Equal([0.5f, -1f], values);
    }

    [Fact]
    public void The_newest_whole_one_is_opened_and_two_are_kept()
    {
        using var directory = new TemporaryDirectory();
        using var policy = new TinyPolicy();
        using var learner = new PolicyLearner(policy.Engine, TinyPolicy.Config, policy.Start, new GrpoOptions());
        var checkpoints = new PolicyCheckpoints(directory.Path, []);
        Assert.Null(checkpoints.OpenNewest());
        for (int steps = 1; steps <= 3; steps++) checkpoints.Save(learner.Policy, State(steps, 0), []);
        Assert.Equal(2, Directory.GetDirectories(directory.Path).Length);
        foreach (var (file, left) in new[] { ("optimizer.safetensors", 2), ("state.json", -1) })
        {
            using (var newest = checkpoints.OpenNewest()) Assert.Equal(left == 2 ? 3 : 2, newest!.State.Steps.Count);
            string path = Path.Combine(Directory.GetDirectories(directory.Path).Order().ElementAt(left == 2 ? 1 : 0), file);
            byte[] bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(path, bytes[..^(left == 2 ? 0 : 10)]);
        }
        Assert.Null(checkpoints.OpenNewest());
    }

    private static PolicyRunState State(int steps, long updates) => new()
    {
        Identity = "test",
        Batch = 2,
        UpdateCount = updates,
        Steps = [.. Enumerable.Range(0, steps).Select(step => new PolicyStep
        {
            Step = step,
            Domains = ["sorting"],
            Strategies = [],
            Ended = 1,
            Update = new PolicyUpdate(double.NaN, null, 0, 0, 0),
            LearningSeconds = 1,
            ReplaceSeconds = 1,
        })],
    };

    private static SpeculatorHead Head()
    {
        var weights = new WeightsInMemory();
        weights.Write("w", [2], [0.5f, -1f]);
        return new SpeculatorHead("simulated-atlas", "short-tools", new LearnedWeights(4, weights, [3, 1, 2]));
    }

    private static List<int> Bits(PolicyLearner learner)
    {
        var weights = new WeightsInMemory();
        learner.Policy.ExportWeights(weights);
        return [.. weights.Tensors.SelectMany(tensor => weights.Values(tensor.Name).ToArray()).Select(BitConverter.SingleToInt32Bits)];
    }
}
