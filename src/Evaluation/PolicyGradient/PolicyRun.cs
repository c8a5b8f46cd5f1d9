using System.Diagnostics;
using System.Globalization;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Rollouts;
using Atlas.Modeling;
using Atlas.Trainer.Online;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>
/// A policy-gradient run (GRPO, arXiv 2402.03300) whose rollouts every strategy draws in turns, on the same prompts, seeds and weights. The policy
/// learns from plain decoding's samples; that the others' are the same to the bit is checked in every step, so each of them would have led the run
/// the same way. Used from one thread.
/// </summary>
/// <param name="parts">What it is composed of.</param>
public sealed class PolicyRun(PolicyRunParts parts)
{
    private readonly WeightsInMemory _weights = new("the policy");
    private readonly PolicyRunConfig _config = parts.Config;
    private RolloutRunner[] _runners = [];
    private RolloutRunner[] _simulated = [];
    private long _nextId;

    /// <summary>Runs from the beginning, or on from a checkpoint, to the configuration's last step.</summary>
    /// <param name="resumed">
    /// Where to go on; null begins. The learner and the serving decoder must have its weights already.
    /// </param>
    /// <param name="done">Hears of every step.</param>
    /// <param name="cancellation">Ends the run after the step under way; it is saved then.</param>
    /// <exception cref="RecipeException">The checkpoint belongs to another run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public PolicyRunState Run(PolicyCheckpoint? resumed, Action<PolicyStep> done, CancellationToken cancellation)
    {
        var state = Begin(resumed);
        _runners = [.. parts.Strategies.Select(strategy => new RolloutRunner(strategy, state.Batch, parts.Serving.Config.EndTokens))];
        _simulated = [.. parts.Simulated.Select(strategy => new RolloutRunner(strategy, _config.SamplesPerStep, parts.Serving.Config.EndTokens))];
        int saved = state.Steps.Count;
        while (state.Steps.Count < _config.Steps)
        {
            var step = Step(state.Steps.Count);
            state = state with { Steps = [.. state.Steps, step], UpdateCount = parts.Learner.Policy.UpdateCount };
            done(step);
            bool last = state.Steps.Count == _config.Steps || cancellation.IsCancellationRequested;
            if (last || state.Steps.Count - saved >= _config.CheckpointSteps)
            {
                parts.Checkpoints?.Save(parts.Learner.Policy, state, Heads());
                saved = state.Steps.Count;
            }
            cancellation.ThrowIfCancellationRequested();
        }
        return state;
    }

    private PolicyRunState Begin(PolicyCheckpoint? resumed)
    {
        string identity = $"{parts.Start} {_config.Identity()} {parts.Machine?.Identity()}";
        if (resumed is null)
        {
            var tasks = parts.Tasks.Of(0);
            int batch = BatchChoice.Measure(
                parts.Strategies[0], _config.BatchSizes, parts.Tasks.Requests(0, tasks), parts.Serving.Config.EndTokens, TakeIds);
            return new PolicyRunState { Identity = identity, Batch = batch };
        }
        if (resumed.State.Identity != identity)
            throw new RecipeException("the checkpoints are of a run with another configuration, latency table or start policy; expected an empty directory or the same");
        foreach (var head in resumed.Heads)
            Learning().FirstOrDefault(one => one.Name == head.Strategy).Trainer?.Offer(head.Domain, head.Weights);
        int done = resumed.State.Steps.Count;
        return done < _config.Steps ? resumed.State with { Resumed = [.. resumed.State.Resumed, done] } : resumed.State;
    }

    private PolicyStep Step(int number)
    {
        var tasks = parts.Tasks.Of(number);
        var requests = parts.Tasks.Requests(number, tasks);
        var results = new RolloutResult[_runners.Length];
        for (int i = 0; i < _runners.Length; i++)
        {
            int turn = (i + number) % _runners.Length;
            results[turn] = _runners[turn].Run(requests, TakeIds(requests.Count));
        }
        var plain = results[0];
        StrategyStep Outcome(string name, RolloutResult result) => new(
            name, parts.Tasks.Rewards(tasks, result.Samples), result.Samples.Zip(plain.Samples).All(pair => pair.First.SameBits(pair.Second)), result.Totals);
        StrategyStep[] outcomes = [.. results.Select((result, i) => Outcome(parts.Strategies[i].Name, result))];
        var priced = parts.Machine is { } machine && number % _config.PricedSteps == 0 ? Price(machine, requests, outcomes[0], plain, Outcome) : [];

        long start = Stopwatch.GetTimestamp();
        var update = parts.Learner.Learn(Samples(requests, plain.Samples, outcomes[0].Rewards), _config.GroupSize);
        double learning = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        ReplaceWeights();
        return new PolicyStep
        {
            Step = number,
            Domains = [.. tasks.Select(task => task.Item.Domain)],
            Strategies = outcomes,
            Priced = priced,
            Ended = plain.Samples.Average(sample => sample.Ended ? 1.0 : 0.0),
            Update = update,
            LearningSeconds = learning,
            ReplaceSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
    }

    // Plain decoding is priced from the lengths; the others decode once more, and are told the other machine's times.
    private List<StrategyStep> Price(
        MachineTable machine, IReadOnlyList<RolloutRequest> requests, StrategyStep plain, RolloutResult drawn, Func<string, RolloutResult, StrategyStep> outcome)
    {
        double seconds = PlainPrice.Best(requests, [.. drawn.Samples.Select(sample => sample.Tokens.Length)], machine.Latency);
        List<StrategyStep> priced = [plain with { Totals = new RolloutTotals { Seconds = seconds, Tokens = drawn.Totals.Tokens, Forwards = drawn.Totals.Forwards } }];
        for (int i = 0; i < _simulated.Length; i++)
            priced.Add(outcome(parts.Simulated[i].Name, _simulated[i].Run(requests, TakeIds(requests.Count))));
        return priced;
    }

    private PolicySample[] Samples(IReadOnlyList<RolloutRequest> requests, IReadOnlyList<RolloutSample> drawn, double[] rewards)
    {
        var advantages = new float[rewards.Length];
        for (int first = 0; first < rewards.Length; first += _config.GroupSize)
            GroupAdvantages.Compute(rewards.AsSpan(first, _config.GroupSize), advantages.AsSpan(first, _config.GroupSize));
        return [.. drawn.Select((sample, i) => new PolicySample(requests[i].Prompt, sample.Tokens, advantages[i]))];
    }

    private void ReplaceWeights()
    {
        parts.Learner.Policy.ExportWeights(_weights);
        parts.Serving.ReplaceWeights(_weights);
        string fingerprint = string.Create(CultureInfo.InvariantCulture, $"{parts.Start}+{parts.Learner.Policy.UpdateCount}");
        foreach (var strategy in parts.Strategies.Concat(parts.Simulated)) strategy.Trainer?.TargetReplaced(fingerprint);
    }

    private IEnumerable<SpeculatorHead> Heads() =>
        from one in Learning()
        from domain in _config.Domains.Distinct()
        let published = one.Trainer.Published(domain)
        where published is not null
        select new SpeculatorHead(one.Name, domain, published);

    // A strategy has a twin on the simulated machine, which learns for itself.
    private IEnumerable<(string Name, OnlineTrainer Trainer)> Learning() =>
    [
        .. parts.Strategies.SelectMany(strategy => Trainers(strategy, strategy.Name)),
        .. parts.Simulated.SelectMany(strategy => Trainers(strategy, $"simulated-{strategy.Name}")),
    ];

    private static IEnumerable<(string Name, OnlineTrainer Trainer)> Trainers(RolloutStrategy strategy, string name)
    {
        if (strategy.Trainer is { } states) yield return (name, states);
        if (strategy.TextTrainer is { } text) yield return (name + "-text", text);
    }

    private long TakeIds(int count) => (_nextId += count) - count;
}
