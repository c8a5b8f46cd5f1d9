using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Evaluation.Benchmarks;
using Atlas.Evaluation.Comparison;
using Atlas.Host.CommandLine;
using Atlas.Host.Speculation;

namespace Atlas.Host.Demo;

/// <summary>
/// Atlas with its trainer on and off, on the same requests in turns. Both begin with weights that a third stack has learned on the same domain
/// before, so that both draft alike and the ratio is what learning costs, less what it still gains.
/// </summary>
/// <param name="factory">Composes stacks.</param>
/// <param name="requests">Where requests come from.</param>
/// <param name="endTokens">Ids that end a request.</param>
internal sealed class TrainerOverhead(StackFactory factory, DemoRequests requests, IReadOnlyList<int> endTokens)
{
    private const int WarmRequests = 60;
    private const int LeastSteps = 2500;

    /// <summary>Outputs that differed between the two.</summary>
    public int Differences { get; private set; }

    /// <summary>Measures on a domain.</summary>
    public TrainerOverheadResult Run(string domain)
    {
        var options = new StackOptions { Bases = Learn(domain) };
        var auto = new SpeculationChoice(StrategyNames.Auto, DraftBudget.None);
        using var on = factory.Create(auto, options);
        using var off = factory.Create(auto, options with { Learns = false });
        var comparison = new StrategyComparison([off.AsStrategy("off"), on.AsStrategy("on")], endTokens);
        List<double>[] steps = [[], []];
        long[] tokens = new long[2];
        double[] seconds = new double[2];
        for (int turn = 0; steps.Min(s => s.Count) < LeastSteps; turn++)
        {
            var decoded = comparison.Decode(requests.Next(domain), turn);
            for (int i = 0; i < 2; i++)
            {
                steps[i].AddRange(decoded[i].StepSeconds);
                tokens[i] += decoded[i].TokensAfterFirstStep;
                seconds[i] += decoded[i].DecodeSeconds;
            }
        }
        Differences = comparison.Differences.Count;
        return new TrainerOverheadResult(
            steps.Min(s => s.Count), tokens[1] / seconds[1] / (tokens[0] / seconds[0]), Percentiles.Of(steps[1], 0.99) / Percentiles.Of(steps[0], 0.99));
    }

    private LearnedBases Learn(string domain)
    {
        using var stack = factory.Create(new SpeculationChoice(StrategyNames.Auto, DraftBudget.None));
        var comparison = new StrategyComparison([stack.AsStrategy("warm")], endTokens);
        for (int i = 0; i < WarmRequests; i++) comparison.Decode(requests.Next(domain), i);
        return LearnedBases.Of(stack.Trainers, DecodeSequence.DefaultNamespace);
    }
}
