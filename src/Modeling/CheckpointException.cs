namespace Atlas.Modeling;

/// <summary>
/// Something in a checkpoint directory is wrong. The message is one line that names the file, the key in it, and what was expected, ready
/// to be shown to a user.
/// </summary>
public sealed class CheckpointException : Exception
{
    /// <summary>A fault with its one-line description.</summary>
    public CheckpointException(string message) : base(message) { }

    /// <summary>A fault that another one caused.</summary>
    public CheckpointException(string message, Exception inner) : base(message, inner) { }
}
