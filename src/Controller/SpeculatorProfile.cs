using Atlas.Controller.Latency;
using Atlas.Core.Drafting;

namespace Atlas.Controller;

/// <summary>What the controller is told of a speculator; its place in the list is its index in merged drafts.</summary>
/// <param name="Name">The speculator's name.</param>
public sealed record SpeculatorProfile(string Name)
{
    /// <summary>Longest path it is asked for.</summary>
    public int MaxDepth { get; init; } = 8;

    /// <summary>Most nodes it is asked for; more than <see cref="MaxDepth"/> makes trees.</summary>
    public int MaxNodes { get; init; } = 8;

    /// <summary>Most children of a node; 1 for chains.</summary>
    public int Branches { get; init; } = 1;

    /// <summary>
    /// Whether asking it for a sequence makes it read all text that it has not read, which it is otherwise spared: a draft model with its cache. A
    /// speculator that takes in every text in any case, or none, is not chosen for that.
    /// </summary>
    public bool ReadsText { get; init; }

    /// <summary>What its drafting is expected to take, until it has been timed.</summary>
    public DraftCost Cost { get; init; } = new(0, 50e-6, 0);

    /// <summary>What it may draft at most.</summary>
    internal DraftBudget Budget => new(MaxDepth, MaxNodes, Branches);
}
