using Atlas.Core.Drafting;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;
using Atlas.Evaluation.Workloads;
using Atlas.Host.CommandLine;
using Atlas.Host.Speculation;

namespace Atlas.Host.Demo;

/// <summary>What the whole demonstration measures behind its phases.</summary>
/// <param name="factory">Composes stacks; for batches of <see cref="LargestBatch"/>.</param>
/// <param name="scenario">The traffic of the phases.</param>
/// <param name="requests">Where requests come from.</param>
/// <param name="known">Domains that the target knows.</param>
/// <param name="endTokens">Ids that end a request.</param>
internal sealed class ExtraMeasurements(
    StackFactory factory, DemoScenario scenario, DemoRequests requests, IReadOnlyList<string> known, IReadOnlyList<int> endTokens)
{
    /// <summary>Most requests at once.</summary>
    public const int LargestBatch = 8;

    private const int Rounds = 6;
    private const int RequestsPerPlace = 4;
    private const int UnpredictableRequests = 60;
    private const int AblatedDomains = 2;
    private const long FirstBatchId = 1L << 40;

    private static readonly int[] Batches = [2, 4, LargestBatch];

    /// <summary>Measures all of it.</summary>
    /// <param name="stacks">The stacks of the phases, as these have left them.</param>
    /// <param name="seen">Domains that the draft model was trained on; null where that is not known.</param>
    /// <param name="began">Hears what is measured next.</param>
    public DemoExtras Run(DemoStacks stacks, IReadOnlyList<string>? seen, Action<string> began)
    {
        int differences = 0;
        string shifted = scenario.Phases.First(phase => phase.Shifted).Domain;
        began("several requests at once");
        List<(int, double)> batches = [.. Batches.Select(batch => (batch, Batch(stacks, batch, ref differences)))];
        began("unpredictable traffic");
        double worst = Unpredictable(ref differences);
        began("with and without the learned speculator");
        var ablation = new LearnedAblation(factory, requests, endTokens);
        var learned = ablation.Run(NonCopyDomains(seen));
        began("with and without the trainer");
        var overhead = new TrainerOverhead(factory, requests, endTokens);
        var trainer = overhead.Run(shifted);
        began("with each part off in turn");
        var ablations = new AblationRun(factory, scenario, requests, endTokens);
        var parts = ablations.Run(Ablation.All);
        return new DemoExtras
        {
            Ablations = parts,
            Batches = batches,
            WorstOverPlain = worst,
            Learned = learned,
            Trainer = trainer,
            Differences = differences + ablation.Differences + overhead.Differences + ablations.Differences,
        };
    }

    // Requests of the shifted phases in turns, over stacks that have met them.
    private double Batch(DemoStacks stacks, int batch, ref int differences)
    {
        Strategy[] strategies = [stacks[DemoStacks.Plain].AsStrategy(DemoStacks.Plain), stacks[DemoStacks.Atlas].AsStrategy(DemoStacks.Atlas)];
        var comparison = new BatchComparison(strategies, batch, endTokens, FirstBatchId * batch);
        string[] domains = [.. scenario.Phases.Where(phase => phase.Shifted).Select(phase => phase.Domain)];
        for (int round = 0; round < Rounds; round++)
            comparison.Decode([.. Enumerable.Range(0, RequestsPerPlace * batch).Select(i => requests.Next(domains[i % domains.Length]))], round);
        differences += comparison.Differences.Count;
        return comparison.Goodput(1) / comparison.Goodput(0);
    }

    private double Unpredictable(ref int differences)
    {
        using var plain = factory.Create(new(StrategyNames.None, DraftBudget.None));
        using var atlas = factory.Create(new(StrategyNames.Auto, DraftBudget.None));
        var comparison = new StrategyComparison([plain.AsStrategy(DemoStacks.Plain), atlas.AsStrategy(DemoStacks.Atlas)], endTokens: []);
        for (int i = 0; i < UnpredictableRequests; i++) comparison.Decode(requests.Unpredictable(), i);
        differences += comparison.Differences.Count;
        return comparison.Total(DemoStacks.Atlas).Goodput / comparison.Total(DemoStacks.Plain).Goodput;
    }

    // Those that the draft model has not seen come first.
    private IReadOnlyList<string> NonCopyDomains(IReadOnlyList<string>? seen) =>
    [
        .. known.Distinct().Where(domain => !WorkloadCatalog.Get(domain).CopyLike).OrderBy(domain => seen?.Contains(domain) ?? false).Take(AblatedDomains),
    ];
}
