namespace Atlas.Protocol.Messages;

/// <summary>What became of one sequence of a <c>draft</c>; a number on the wire. One sequence's fault leaves the others alone.</summary>
public enum DraftStatus
{
    /// <summary>Its tokens were committed; the draft, which may be empty, continues them.</summary>
    Ok = 0,

    /// <summary>The base position is behind the session's; nothing was committed, the draft is empty.</summary>
    StalePosition = 1,

    /// <summary>The base position is ahead of the session's; nothing was committed, the draft is empty.</summary>
    PositionGap = 2,

    /// <summary>No session of this id is open; nothing was committed, the draft is empty.</summary>
    UnknownSession = 3,

    /// <summary>Its tokens were committed, and the deadline passed before a draft was ready; the draft is empty.</summary>
    Deadline = 4,

    /// <summary>A limit would be exceeded (the session's length, say); nothing was committed, the draft is empty.</summary>
    LimitExceeded = 5,
}
