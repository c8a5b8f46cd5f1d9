namespace Atlas.Protocol.Rpc;

/// <summary>The other end does not speak MessagePack-RPC, or exceeds a limit of the wire; the connection is closed.</summary>
/// <param name="message">One line that says what came and what was expected.</param>
public sealed class RpcProtocolException(string message) : Exception(message);
