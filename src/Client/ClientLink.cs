using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Client;

/// <summary>One connection of a client, greeted.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Handler">What takes the service's notifications.</param>
/// <param name="Hello">What the service said of itself.</param>
/// <param name="Generation">How many connections the client has had, this one included.</param>
internal sealed record ClientLink(RpcConnection Connection, ClientHandler Handler, HelloResult Hello, int Generation);
