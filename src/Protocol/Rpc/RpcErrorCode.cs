namespace Atlas.Protocol.Rpc;

/// <summary>
/// Values of an error's <c>code</c>. New ones may be added; a client treats one that it does not know as <see cref="Internal"/>.
/// </summary>
public static class RpcErrorCode
{
    /// <summary>No method of this name.</summary>
    public const string UnknownMethod = "unknown_method";

    /// <summary>A parameter that the method needs was not given; <c>parameter</c> names it.</summary>
    public const string MissingParameter = "missing_parameter";

    /// <summary>A parameter has the wrong type or is out of range; <c>parameter</c> names it.</summary>
    public const string InvalidParams = "invalid_params";

    /// <summary>The service does not do this: <c>generate</c> of a sidecar without a target, say.</summary>
    public const string NotSupported = "not_supported";

    /// <summary>The bearer token is missing or wrong, or <c>hello</c> has not come first where the service demands it.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>No session of this id is open on this connection.</summary>
    public const string UnknownSession = "unknown_session";

    /// <summary>A session of this id is open already on this connection.</summary>
    public const string SessionExists = "session_exists";

    /// <summary>
    /// The base position is behind the session's: these tokens were committed before. <c>position</c> says where the session is.
    /// </summary>
    public const string StalePosition = "stale_position";

    /// <summary>
    /// The base position is ahead of the session's: tokens between are missing. <c>position</c> says where the session is.
    /// </summary>
    public const string PositionGap = "position_gap";

    /// <summary>A configured limit (sessions, tokens, batch) would be exceeded; the message says which.</summary>
    public const string LimitExceeded = "limit_exceeded";

    /// <summary>Too much is waiting; try again later.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>The service is finishing what runs and takes nothing new.</summary>
    public const string Draining = "draining";

    /// <summary>Cancelled by <c>cancel</c>, or because its connection ended.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The service failed; the message says how.</summary>
    public const string Internal = "internal";
}
