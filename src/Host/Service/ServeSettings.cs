using System.Net;
using System.Security.Cryptography.X509Certificates;
using Atlas.Host.Service.Http.OpenAi;
using Atlas.Host.Service.Telemetry;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service;

/// <summary>Where a service listens and how it ends.</summary>
/// <param name="Endpoints">Unix domain sockets and TCP ports; at least one.</param>
/// <param name="HttpPort">Port of HTTP; null for none, 0 for any free one.</param>
/// <param name="DrainTime">How long what runs may go on when the service is told to end.</param>
/// <param name="Access">What it demands of who connects.</param>
internal sealed record ServeSettings(IReadOnlyList<RpcEndpoint> Endpoints, int? HttpPort, TimeSpan DrainTime, AccessSettings Access)
{
    /// <summary>Where HTTP listens.</summary>
    public IPAddress HttpAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Certificate with its key, for TLS on TCP and HTTP; null for neither.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>How conversations become text.</summary>
    public ChatTemplate ChatTemplate { get; init; } = ChatTemplate.All[0];

    /// <summary>Longest silence of a connection that has nothing under way; zero allows any.</summary>
    public TimeSpan IdleTime { get; init; }

    /// <summary>Where figures are sent to; null for nowhere.</summary>
    public ExportSettings? Export { get; init; }

    /// <summary>Longest silence of a connection in the middle of a message.</summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromSeconds(60);
}
