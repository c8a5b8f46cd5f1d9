using Atlas.Evaluation.PolicyGradient;
using Atlas.Evaluation.Recipes;

namespace Atlas.Evaluation.Tests.PolicyGradient;

public sealed class PolicyRunConfigTests
{
    private const string Whole = """
        {"domains": ["sorting"], "steps": 4, "prompts_per_step": 4, "group_size": 3, "learning": {"updates_per_step": 2, "kl_weight": 0.5}}
        """;

    [Fact]
    public void What_is_not_given_has_its_default()
    {
        var config = Read(Whole);
        Assert.Equal((4, 4, 3, 12), (config.Steps, config.PromptsPerStep, config.GroupSize, config.SamplesPerStep));
        Assert.Equal((2, 0.5f, 0.2f), (config.Learning.UpdatesPerStep, config.Learning.KlWeight, config.Learning.ClipRange));
    }

    [Fact]
    public void A_longer_run_is_the_same_run_and_another_seed_is_not()
    {
        var config = Read(Whole);
        Assert.Equal(config.Identity(), (config with { Steps = 9, CheckpointSteps = 1 }).Identity());
        Assert.NotEqual(config.Identity(), (config with { Seed = 2 }).Identity());
        Assert.NotEqual(config.Identity(), (config with { Learning = config.Learning with { LearningRate = 1f } }).Identity());
    }

    [Theory]
    [InlineData("\"steps\": 4", "\"steps\": 0", "steps is 0")]
    [InlineData("\"group_size\": 3", "\"group_size\": 1", "group_size is 1")]
    [InlineData("\"group_size\": 3", "\"group_size\": 300", "1200")]
    [InlineData("sorting", "chat", "'chat', which has no reward")]
    [InlineData("[\"sorting\"]", "[]", "domains is empty")]
    [InlineData("\"updates_per_step\": 2", "\"updates_per_step\": 3", "a divisor of prompts_per_step, 4")]
    [InlineData("\"kl_weight\": 0.5", "\"kl_weight\": -1", "learning.kl_weight is -1")]
    [InlineData("\"kl_weight\": 0.5", "\"learning_rate\": 0", "learning.learning_rate is 0")]
    [InlineData("\"kl_weight\": 0.5", "\"clip_range\": 1", "learning.clip_range is 1")]
    [InlineData("\"steps\": 4", "\"steps\": 4, \"lookahead\": 17", "lookahead is 17")]
    [InlineData("\"steps\": 4", "\"steps\": 4, \"batch_sizes\": []", "batch_sizes")]
    [InlineData("\"steps\": 4", "\"step\": 4", "step")]
    [InlineData("}}", "}", "run.json")]
    public void A_configuration_that_is_wrong_is_refused_with_its_file(string found, string instead, string mention)
    {
        string message = Assert.Throws<RecipeException>(() => Read(Whole.Replace(found, instead, StringComparison.Ordinal))).Message;
        Assert.Contains(mention, message, StringComparison.Ordinal);
        Assert.Contains("run.json", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static PolicyRunConfig Read(string json)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("run.json"), json);
        return PolicyRunConfig.Read(directory.File("run.json"));
    }
}
