using Atlas.Evaluation.Workloads;

namespace Atlas.Host.Evaluate;

/// <summary>Which held-out tasks a pair is judged by, and how they are completed.</summary>
internal sealed record EvaluationPlan
{
    public required IReadOnlyList<IWorkload> Workloads { get; init; }

    /// <summary>Tasks per domain.</summary>
    public required int Requests { get; init; }

    /// <summary>How many of them are timed.</summary>
    public required int Timed { get; init; }

    /// <summary>Most tokens of a completion.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Draft tokens per step of static speculation.</summary>
    public required int Lookahead { get; init; }

    /// <summary>Tasks completed at once where nothing is timed.</summary>
    public required int Batch { get; init; }

    public required ulong Seed { get; init; }
}
