using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Evaluation.Rollouts;
using Atlas.Host.CommandLine;
using Atlas.Host.Speculation;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Host.Rl;

/// <summary>The ways to draw rollouts that are set side by side, each with its own stores, weights and trainer, here and on a simulated machine.</summary>
internal sealed class RlStacks : IDisposable
{
    /// <summary>Plain decoding.</summary>
    public const string Plain = "plain";

    /// <summary>All speculators under the controller.</summary>
    public const string Atlas = "atlas";

    private readonly StackFactory _factory;
    private readonly int _vocabulary;
    private readonly List<DecodingStack> _stacks = [];

    /// <summary>Fresh stacks.</summary>
    /// <param name="factory">Composes them.</param>
    /// <param name="vocabulary">Ids of the policy's vocabulary.</param>
    /// <param name="lookahead">Of the static strategy.</param>
    /// <param name="machine">The machine that rollouts are priced for; null for none.</param>
    public RlStacks(StackFactory factory, int vocabulary, int lookahead, MachineTable? machine)
    {
        (_factory, _vocabulary) = (factory, vocabulary);
        Strategies = [.. ((string[])[Plain, StrategyNames.Static, StrategyNames.Suffix, Atlas]).Select(name => Create(name, lookahead, null))];
        if (machine is null) return;
        var all = StackParts.Of(StrategyNames.Auto, hasDraft: true, factory.TrainsHeads).Speculators;
        Simulated =
        [
            Create(StrategyNames.Static, lookahead, new SimulatedMachine(machine, [StrategyNames.Static])),
            Create(Atlas, lookahead, new SimulatedMachine(machine, [.. all])),
        ];
    }

    /// <summary>On this machine, plain decoding first and atlas last.</summary>
    public IReadOnlyList<RolloutStrategy> Strategies { get; }

    /// <summary>On the simulated one: static and atlas.</summary>
    public IReadOnlyList<RolloutStrategy> Simulated { get; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stack in _stacks) stack.Dispose();
    }

    private RolloutStrategy Create(string name, int lookahead, SimulatedMachine? machine)
    {
        var stack = _factory.Create(StrategyChoices.Of(name, lookahead), new StackOptions { Machine = machine, Drafting = WithPrompts });
        _stacks.Add(stack);
        return new RolloutStrategy(stack.AsStrategy(name), stack.Target)
        {
            Trainer = stack.Trainers.States,
            TextTrainer = stack.Trainers.Text,
            Clock = machine?.Clock ?? TimeProvider.System,
        };
    }

    private ISpeculator WithPrompts(ISpeculator speculator) =>
        speculator is SuffixSpeculator suffix ? new PromptSuffixSpeculator(suffix, new SuffixOptions { VocabularySize = _vocabulary }) : speculator;
}
