using Atlas.Core.Drafting;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;
using Atlas.Host.CommandLine;
using Atlas.Host.Speculation;

namespace Atlas.Host.Demo;

/// <summary>Serves the phases with atlas whole and with each of its parts off, in turns, all from fresh stacks.</summary>
/// <param name="factory">Composes stacks.</param>
/// <param name="scenario">The traffic.</param>
/// <param name="requests">Where requests come from.</param>
/// <param name="endTokens">Ids that end a request.</param>
internal sealed class AblationRun(StackFactory factory, DemoScenario scenario, DemoRequests requests, IReadOnlyList<int> endTokens)
{
    private const int RequestsPerPhase = 40;

    /// <summary>Outputs that differed between the stacks.</summary>
    public int Differences { get; private set; }

    /// <summary>Goodput over all phases without each part, over that of the whole.</summary>
    public IReadOnlyList<(string Part, double Ratio)> Run(IReadOnlyList<Ablation> ablations)
    {
        var auto = new SpeculationChoice(StrategyNames.Auto, DraftBudget.None);
        var stacks = new List<DecodingStack> { factory.Create(auto) };
        try
        {
            foreach (var ablation in ablations) stacks.Add(factory.Create(auto, ablation.Options));
            var comparison = new StrategyComparison([.. stacks.Select((stack, i) => stack.AsStrategy(i == 0 ? "whole" : ablations[i - 1].Name))], endTokens);
            int turn = 0;
            foreach (var phase in scenario.Phases)
                for (int i = 0; i < RequestsPerPhase; i++)
                    comparison.Decode(requests.Next(phase.Domain), turn++);
            Differences = comparison.Differences.Count;
            double whole = comparison.Total("whole").Goodput;
            return [.. ablations.Select(ablation => (ablation.Name, comparison.Total(ablation.Name).Goodput / whole))];
        }
        finally
        {
            foreach (var stack in stacks) stack.Dispose();
        }
    }
}
