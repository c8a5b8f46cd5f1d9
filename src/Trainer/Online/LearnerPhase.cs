namespace Atlas.Trainer.Online;

/// <summary>What a <see cref="NamespaceLearner"/> is at.</summary>
internal enum LearnerPhase
{
    /// <summary>The background has to do something before it goes on.</summary>
    Preparing,

    /// <summary>Ready for the next batch.</summary>
    Waiting,

    /// <summary>Forward and backward of a batch.</summary>
    Learning,

    /// <summary>An optimizer update.</summary>
    Updating,

    /// <summary>The candidate drafts held-out text.</summary>
    TestingCandidate,

    /// <summary>The published version drafts the same text.</summary>
    TestingPublished,

    /// <summary>The version before it drafts the same text.</summary>
    TestingPredecessor,
}
