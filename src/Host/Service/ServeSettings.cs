using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service;

/// <summary>Where a service listens and how it ends.</summary>
/// <param name="Endpoints">Unix domain sockets and TCP ports; at least one.</param>
/// <param name="HttpPort">Port of HTTP on loopback; null for none, 0 for any free one.</param>
/// <param name="DrainTime">How long what runs may go on when the service is told to end.</param>
/// <param name="Access">What it demands of who connects.</param>
internal sealed record ServeSettings(IReadOnlyList<RpcEndpoint> Endpoints, int? HttpPort, TimeSpan DrainTime, AccessSettings Access);
