using Atlas.Host.Speculation;
using Atlas.Trainer.Online;

namespace Atlas.Host.Demo;

/// <summary>Atlas with one of its parts off.</summary>
/// <param name="Name">The part.</param>
/// <param name="Options">How atlas is composed without it.</param>
internal sealed record Ablation(string Name, StackOptions Options)
{
    // Better by any amount, worse too: every candidate is published.
    private const double NoMargin = -1e6;

    private static readonly OnlineTrainerOptions Trainer = new();

    /// <summary>Every part that can be switched off by itself.</summary>
    public static IReadOnlyList<Ablation> All { get; } =
    [
        new(StrategyNames.Static, new StackOptions { Without = [StrategyNames.Static] }),
        new(StrategyNames.Suffix, new StackOptions { Without = [StrategyNames.Suffix] }),
        new(StrategyNames.Recall, new StackOptions { Without = [StrategyNames.Recall] }),
        new(StrategyNames.Learned, new StackOptions { Without = [StrategyNames.Learned] }),
        new("guard", new StackOptions { Guarded = false }),
        new("gating", new StackOptions { Trainer = Trainer with { Patience = int.MaxValue } }),
        new("reservoir", new StackOptions { Trainer = Trainer with { ReservoirShare = 0 } }),
        new("shadow_test", new StackOptions { Trainer = Trainer with { PublishMargin = NoMargin } }),
    ];
}
