namespace Atlas.Protocol.Rpc;

/// <summary>The connection ended before the call was answered; whether the other end did what was asked is not known.</summary>
/// <param name="message">One line that says why it ended.</param>
/// <param name="inner">What ended it, where that is known.</param>
public sealed class RpcClosedException(string message, Exception? inner = null) : IOException(message, inner);
