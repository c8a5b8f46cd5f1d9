namespace Atlas.Evaluation.PolicyGradient;

/// <summary>Where a run stands: what its checkpoints keep beside weights, moments and heads.</summary>
public sealed record PolicyRunState
{
    /// <summary>The configuration, the start policy and the latency table that it belongs to.</summary>
    public required string Identity { get; init; }

    /// <summary>Samples at once, as measured before the first step.</summary>
    public required int Batch { get; init; }

    /// <summary>Optimizer updates applied.</summary>
    public long UpdateCount { get; init; }

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<PolicyStep> Steps { get; init; } = [];

    /// <summary>Steps before which the run was resumed: its suffix stores and controllers began anew there.</summary>
    public IReadOnlyList<int> Resumed { get; init; } = [];

    /// <summary>SHA-256 of the checkpoint's other files by name: a checkpoint is whole if all agree.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; init; } = new Dictionary<string, string>();
}
