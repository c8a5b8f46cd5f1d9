using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Rewards;
using Atlas.Evaluation.Rollouts;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Tokenization;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>
/// The tasks of a run, the samples asked for of each, and what they earn: a pure function of configuration and vocabulary, so that a run which is
/// resumed meets the same. Tasks are of the training split; domains take turns.
/// </summary>
/// <param name="config">Which tasks.</param>
/// <param name="tokenizer">The policy's vocabulary.</param>
public sealed class PolicyTasks(PolicyRunConfig config, Tokenizer tokenizer)
{
    // Tasks in a row that may be passed over before the limit is taken for a mistake.
    private const int MostPassedOver = 10_000;

    private readonly List<PolicyTask>[] _fitting = [.. config.Domains.Select(_ => new List<PolicyTask>())];
    private readonly long[] _next = new long[config.Domains.Count];

    /// <summary>The tasks of a step, counted from 0.</summary>
    /// <exception cref="RecipeException">A domain has no prompts as short as the configuration asks for.</exception>
    public IReadOnlyList<PolicyTask> Of(int step) => [.. Enumerable.Range(0, config.PromptsPerStep).Select(prompt => At(step * config.PromptsPerStep + prompt))];

    /// <summary>The samples of a step's tasks, those of a task together; each has a seed of its own.</summary>
    public IReadOnlyList<RolloutRequest> Requests(int step, IReadOnlyList<PolicyTask> tasks)
    {
        var requests = new List<RolloutRequest>();
        for (int prompt = 0; prompt < tasks.Count; prompt++)
            for (int sample = 0; sample < config.GroupSize; sample++)
            {
                ulong seed = new SplitMix64(config.Seed, (ulong)step, (ulong)prompt, (ulong)sample).Next();
                requests.Add(new RolloutRequest(tasks[prompt].Item.Domain, prompt, tasks[prompt].Prompt, seed, config.MaxTokens));
            }
        return requests;
    }

    /// <summary>What the samples of a step earn; one that was cut at the token limit earns nothing.</summary>
    public double[] Rewards(IReadOnlyList<PolicyTask> tasks, IReadOnlyList<RolloutSample> samples)
    {
        var rewards = new double[samples.Count];
        for (int i = 0; i < rewards.Length; i++)
        {
            var item = tasks[i / config.GroupSize].Item;
            if (samples[i].Ended) rewards[i] = RewardCatalog.For(item.Domain).Score(item, tokenizer.Decode(samples[i].Answer, skipSpecialTokens: true));
        }
        return rewards;
    }

    private PolicyTask At(int index)
    {
        if (config.PromptPool > 0) index %= config.PromptPool;
        int domain = index % config.Domains.Count, place = index / config.Domains.Count;
        var fitting = _fitting[domain];
        while (fitting.Count <= place) fitting.Add(NextFitting(domain));
        return fitting[place];
    }

    private PolicyTask NextFitting(int domain)
    {
        var workload = WorkloadCatalog.Get(config.Domains[domain]);
        for (int i = 0; i < MostPassedOver; i++)
        {
            var item = workload.Item(Split.Training, config.Seed, _next[domain]++);
            int[] prompt = tokenizer.Encode(item.Prompt, addSpecialTokens: true);
            if (prompt.Length <= config.MaxPromptTokens) return new PolicyTask(item, prompt);
        }
        throw new RecipeException($"{MostPassedOver} prompts of {workload.Domain} are longer than max_prompt_tokens, {config.MaxPromptTokens}; expected a higher limit");
    }
}
