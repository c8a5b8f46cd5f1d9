namespace Atlas.Protocol.Messages;

/// <summary>Names of the methods.</summary>
public static class RpcMethods
{
    /// <summary>Who is there: <see cref="HelloParams"/>, <see cref="HelloResult"/>.</summary>
    public const string Hello = "hello";

    /// <summary>A completion: <see cref="GenerateParams"/>, <see cref="GenerateResult"/>.</summary>
    public const string Generate = "generate";

    /// <summary>Notification to the client with a piece of a completion that streams: <see cref="TokensParams"/>.</summary>
    public const string Tokens = "tokens";

    /// <summary>Ends a generation: <see cref="CancelParams"/>, <see cref="CancelResult"/>.</summary>
    public const string Cancel = "cancel";

    /// <summary>Opens a sidecar session: <see cref="OpenParams"/>, <see cref="PositionResult"/>.</summary>
    public const string Open = "open";

    /// <summary>Commits and drafts for a batch: <see cref="DraftParams"/>, <see cref="DraftResult"/>.</summary>
    public const string Draft = "draft";

    /// <summary>Commits without drafting: <see cref="SequenceUpdate"/>, <see cref="PositionResult"/>.</summary>
    public const string Commit = "commit";

    /// <summary>Ends a session: <see cref="CloseParams"/>, <see cref="PositionResult"/>.</summary>
    public const string Close = "close";

    /// <summary>The target has changed: <see cref="WeightsUpdatedParams"/>, <see cref="WeightsUpdatedResult"/>.</summary>
    public const string WeightsUpdated = "weights_updated";

    /// <summary>Deletes a namespace: <see cref="ForgetParams"/>, <see cref="ForgetResult"/>.</summary>
    public const string Forget = "forget";

    /// <summary>Figures: <see cref="StatsParams"/>, <see cref="StatsResult"/>.</summary>
    public const string Stats = "stats";

    /// <summary>Saves what was learned: <see cref="CheckpointParams"/>, <see cref="CheckpointResult"/>.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>Finishes what runs and takes nothing new: <see cref="DrainParams"/>, <see cref="DrainResult"/>.</summary>
    public const string Drain = "drain";
}
