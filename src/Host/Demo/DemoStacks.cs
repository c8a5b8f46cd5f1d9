using Atlas.Core.Drafting;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;
using Atlas.Host.CommandLine;
using Atlas.Host.Speculation;

namespace Atlas.Host.Demo;

/// <summary>The strategies that are set side by side, each with its own stores, weights and trainer.</summary>
internal sealed class DemoStacks : IDisposable
{
    /// <summary>Plain decoding.</summary>
    public const string Plain = "plain";

    /// <summary>All speculators under the controller.</summary>
    public const string Atlas = "atlas";

    private readonly List<(string Name, DecodingStack Stack)> _stacks = [];

    /// <summary>Fresh stacks.</summary>
    /// <param name="factory">Composes them.</param>
    /// <param name="lookahead">Of the static strategy.</param>
    public DemoStacks(StackFactory factory, int lookahead)
    {
        Add(Plain, factory, new(StrategyNames.None, DraftBudget.None));
        Add(StrategyNames.Static, factory, new(StrategyNames.Static, DraftBudget.Chain(lookahead)));
        Add(StrategyNames.Suffix, factory, new(StrategyNames.Suffix, DraftBudget.None));
        Add(StrategyNames.Learned, factory, new(StrategyNames.Learned, DraftBudget.None));
        Add(Atlas, factory, new(StrategyNames.Auto, DraftBudget.None));
    }

    /// <summary>Their names, plain decoding first and atlas last.</summary>
    public IReadOnlyList<string> Names => [.. _stacks.Select(s => s.Name)];

    /// <summary>Those with one kind of speculator.</summary>
    public IReadOnlyList<string> Singles => [.. Names.Where(name => name is not (Plain or Atlas))];

    /// <summary>As a comparison takes them.</summary>
    public IReadOnlyList<Strategy> Strategies => [.. _stacks.Select(s => s.Stack.AsStrategy(s.Name))];

    /// <summary>One of them.</summary>
    public DecodingStack this[string name] => _stacks.First(s => s.Name == name).Stack;

    /// <summary>What one of them has counted so far.</summary>
    public StrategyState State(string name) => this[name].State();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, stack) in _stacks) stack.Dispose();
    }

    private void Add(string name, StackFactory factory, SpeculationChoice choice) => _stacks.Add((name, factory.Create(choice)));
}
