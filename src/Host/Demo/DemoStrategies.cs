using Atlas.Core.Drafting;
using Atlas.Evaluation.Comparison;
using Atlas.Host.CommandLine;
using Atlas.Host.Generation;
using Atlas.Host.Models;

namespace Atlas.Host.Demo;

/// <summary>The strategies that the demonstration sets side by side: plain decoding, and the speculation that was asked for.</summary>
internal static class DemoStrategies
{
    public static IReadOnlyList<Strategy> Create(ModelPair pair, SpeculationChoice choice)
    {
        if (choice.Rejection) throw new UsageException("demo checks outputs for identity; expected --verification coupled");
        var plain = choice with { Speculator = "none", Budget = DraftBudget.None };
        List<Strategy> strategies = [new("plain", DecoderFactory.Create(pair, plain), 0)];
        if (choice.Speculator != "none") strategies.Add(new(choice.Speculator, DecoderFactory.Create(pair, choice), choice.Budget.Nodes));
        return strategies;
    }
}
