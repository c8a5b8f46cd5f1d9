using Atlas.Core.Drafting;
using Atlas.Evaluation.Comparison;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Demo;

/// <summary>The strategies that the demonstration sets side by side: plain decoding, and the speculation that was asked for.</summary>
internal static class DemoStrategies
{
    public static IReadOnlyList<Strategy> Create(IComputeEngine engine, ModelPair pair, SpeculationChoice choice)
    {
        var stacks = new StackFactory(engine, pair);
        return [stacks.Create(new(StrategyNames.None, DraftBudget.None)).AsStrategy("plain"), stacks.Create(choice).AsStrategy(choice.Speculator)];
    }
}
