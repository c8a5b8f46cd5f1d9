namespace Atlas.Controller.Guard;

/// <summary>Whether the guard lets speculation pass.</summary>
public enum GuardState
{
    /// <summary>It does.</summary>
    Open,

    /// <summary>Plain decoding, until the next probe.</summary>
    Closed,

    /// <summary>A few speculative steps, to see whether it pays again.</summary>
    Probing,
}
