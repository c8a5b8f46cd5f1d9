using Atlas.Core.Drafting;
using Atlas.Engine;
using Atlas.Evaluation.Replay;
using Atlas.Host.CommandLine;
using Atlas.Host.Speculation;

namespace Atlas.Host.Replay;

/// <summary>The strategies of a live replay, each with its own stores, weights and trainer.</summary>
internal sealed class LiveStacks : IDisposable
{
    private readonly List<DecodingStack> _stacks = [];
    private readonly List<LiveStrategy> _strategies = [];

    /// <summary>Fresh stacks.</summary>
    /// <param name="factory">Composes them.</param>
    /// <param name="names">Of <see cref="ReplayStrategies.Live"/>.</param>
    /// <param name="lookahead">Draft tokens per step where the budget is fixed.</param>
    public LiveStacks(StackFactory factory, IReadOnlyList<string> names, int lookahead)
    {
        try
        {
            foreach (string name in names) Add(factory, name, lookahead);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>As a replay takes them.</summary>
    public IReadOnlyList<LiveStrategy> Strategies => _strategies;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stack in _stacks) stack.Dispose();
    }

    private void Add(StackFactory factory, string name, int lookahead)
    {
        var meter = new DraftMeter();
        var stack = factory.Create(StrategyChoices.Of(name, lookahead), new StackOptions { Drafting = speculator => new TimedSpeculator(speculator, 0, meter, TimeProvider.System) });
        _stacks.Add(stack);
        _strategies.Add(new LiveStrategy(stack.AsStrategy(name), meter, stack.State));
    }
}
