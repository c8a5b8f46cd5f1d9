namespace Atlas.Trainer.Pretraining;

/// <summary>What a checkpoint of a run knows beside weights and moments: the content of its <c>state.json</c>.</summary>
public sealed record PretrainingState
{
    /// <summary>Steps made.</summary>
    public long Step { get; init; }

    /// <summary>Positions trained on.</summary>
    public long Tokens { get; init; }

    /// <summary>Optimizer updates applied; less than <see cref="Step"/> where gradients were not finite.</summary>
    public long UpdateCount { get; init; }

    /// <summary>Where in the training documents the next batch begins.</summary>
    public DocumentCursor Cursor { get; init; }

    /// <summary>Training time so far, in seconds.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>Loss on held-out documents at the last evaluation; null before the first.</summary>
    public HeldOutLosses? HeldOut { get; init; }

    /// <summary>Options of the run.</summary>
    public required PretrainingOptions Options { get; init; }

    /// <summary>SHA-256 of the checkpoint's other files by name, in lower-case hexadecimal: a checkpoint is whole if all agree.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the learning rate has not begun to fall, so that the budget may still change.</summary>
    internal bool IsStable => IsStableUnder(Options);

    /// <summary>Whether a run under <paramref name="options"/> would have come through this state.</summary>
    internal bool Continues(PretrainingOptions options) =>
        Options == options || (Options with { Budget = options.Budget } == options && IsStable && IsStableUnder(options));

    private bool IsStableUnder(PretrainingOptions options) =>
        LearningRateSchedule.IsStable(options, options.Budget.Used(Step, Tokens, TimeSpan.FromSeconds(ElapsedSeconds)));
}
