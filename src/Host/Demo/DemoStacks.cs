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
        foreach (string name in (string[])[Plain, StrategyNames.Static, StrategyNames.Suffix, StrategyNames.Recall, StrategyNames.Learned, Atlas])
            _stacks.Add((name, factory.Create(StrategyChoices.Of(name, lookahead))));
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
}
