namespace Atlas.Protocol.MessagePack;

/// <summary>
/// The bytes are not the value that was asked for. Bytes that end too early are an <see cref="EndOfStreamException"/> instead.
/// </summary>
public class MessagePackSerializationException : Exception
{
    /// <summary>Without a message of its own.</summary>
    public MessagePackSerializationException()
    {
    }

    /// <summary>With one line that says what was met and what was expected.</summary>
    public MessagePackSerializationException(string? message)
        : base(message)
    {
    }

    /// <summary>With one line, and what lies behind it.</summary>
    public MessagePackSerializationException(string? message, Exception? inner)
        : base(message, inner)
    {
    }
}
