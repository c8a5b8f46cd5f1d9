namespace Atlas.Trainer.Online;

/// <summary>How much of its share learning may use in a turn, by what speculation gains of late.</summary>
public enum LearningPace
{
    /// <summary>All of <see cref="OnlineTrainerOptions.TrainingShare"/>: speculation gains at least what learning costs.</summary>
    Full,

    /// <summary>
    /// <see cref="OnlineTrainerOptions.LeastShare"/>, unless learning has reason to hope: its last candidate gained, or there was none yet. For
    /// speculation that pays, but gains less than learning costs.
    /// </summary>
    WhilePromising,

    /// <summary>
    /// <see cref="OnlineTrainerOptions.LeastShare"/>: speculation does not pay at all, or the heads add nothing to what others draft, and having got
    /// better has not changed that.
    /// </summary>
    Least,
}
