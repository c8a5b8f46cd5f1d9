using Atlas.Evaluation.PolicyGradient;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Rollouts;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Rl;

/// <summary>Puts a run together: the pair as policy and frozen draft model, the learner, the strategies, what was saved; and runs it.</summary>
/// <param name="engine">Where it all computes.</param>
/// <param name="models">The start policy and its draft model.</param>
/// <param name="config">What the run does.</param>
/// <param name="machine">The machine that it is priced for; null for none.</param>
internal sealed class RlSession(IComputeEngine engine, ModelChoice models, PolicyRunConfig config, MachineTable? machine)
{
    // Room in a forward for a batch's drafts, and for chunks of prompts beside them.
    private const int MaxRows = 512;

    /// <summary>The start policy and its draft model, once the run has begun.</summary>
    public IReadOnlyList<(string Part, string Directory, string Fingerprint)> Models { get; private set; } = [];

    /// <summary>Runs to the last step.</summary>
    /// <param name="directory">Where checkpoints are read and written.</param>
    /// <param name="done">Hears of every step.</param>
    /// <param name="cancellation">Ends the run after the step under way.</param>
    /// <exception cref="UsageException">The pair has no draft model, no vocabulary, or too short a context.</exception>
    public PolicyRunState Run(string directory, Action<PolicyStep> done, CancellationToken cancellation)
    {
        using var pair = ModelPair.Open(models);
        Models = pair.Parts;
        if (!pair.HasDraft) throw new UsageException("rl compares with the frozen draft model; expected --draft DIR");
        int context = config.MaxPromptTokens + config.MaxTokens;
        if (context > pair.Config.ContextLength)
            throw new UsageException($"max_prompt_tokens and max_tokens add up to {context}; expected at most the context of {pair.TargetDirectory}, {pair.Config.ContextLength}");
        var tasks = new PolicyTasks(config, pair.RequireTokenizer());
        using var start = Modeling.Checkpoints.Checkpoint.Open(pair.TargetDirectory);
        var checkpoints = new PolicyCheckpoints(directory, start.TokenizerPath is { } tokenizer ? [tokenizer] : []);
        using var resumed = checkpoints.OpenNewest();
        int samples = config.PromptsPerStep * config.GroupSize;
        // A place for every sample, and one for the rows of every prompt that some have yet to begin with.
        pair.Load(
            engine, new DecoderOptions { Format = models.Format, MaxSequences = Math.Max(2, samples + config.PromptsPerStep), ContextLength = context, MaxRows = MaxRows },
            withDraft: true);
        if (resumed is not null) pair.Target.ReplaceWeights(resumed.Weights);
        using var learner = resumed is null
            ? new PolicyLearner(engine, pair.Config, start, config.Learning)
            : PolicyLearner.Resume(engine, pair.Config, start, resumed, config.Learning);
        using var stacks = new RlStacks(new StackFactory(engine, pair, samples), pair.Config.VocabularySize, config.Lookahead, machine);
        var run = new PolicyRun(new PolicyRunParts
        {
            Config = config,
            Start = $"{pair.Fingerprint} {models.Format}",
            Tasks = tasks,
            Learner = learner,
            Serving = pair.Target,
            Strategies = stacks.Strategies,
            Machine = machine,
            Simulated = stacks.Simulated,
            Checkpoints = checkpoints,
        });
        try
        {
            return run.Run(resumed, done, cancellation);
        }
        catch (RecipeException e)
        {
            throw new RecipeException($"{directory}: {e.Message}");
        }
    }
}
