namespace Atlas.Host.Demo;

/// <summary>What only the whole demonstration measures.</summary>
internal sealed record DemoExtras
{
    /// <summary>Atlas over plain by requests at once.</summary>
    public required IReadOnlyList<(int Batch, double Ratio)> Batches { get; init; }

    /// <summary>Atlas over plain on unpredictable traffic.</summary>
    public required double WorstOverPlain { get; init; }

    /// <summary>What the learned speculator brings.</summary>
    public required LearnedAblationResult Learned { get; init; }

    /// <summary>What the trainer costs.</summary>
    public required TrainerOverheadResult Trainer { get; init; }

    /// <summary>Goodput without each part of atlas over that of the whole.</summary>
    public required IReadOnlyList<(string Part, double Ratio)> Ablations { get; init; }

    /// <summary>Outputs that differed from plain decoding's, in all of these.</summary>
    public required int Differences { get; init; }
}
