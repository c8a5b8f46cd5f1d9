namespace Atlas.Evaluation.Traces;

/// <summary>
/// Something in a trace file is wrong. The message is one line, <c>file:line:key: what was found; what was expected</c>, ready to be shown
/// to a user; faults of a whole line or file leave the later parts of the place out.
/// </summary>
public sealed class TraceException : Exception
{
    /// <summary>A fault with its one-line description.</summary>
    public TraceException(string message) : base(message) { }

    /// <summary>A fault that another one caused.</summary>
    public TraceException(string message, Exception inner) : base(message, inner) { }
}
