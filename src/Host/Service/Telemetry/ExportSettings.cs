namespace Atlas.Host.Service.Telemetry;

/// <summary>Where figures are sent to by the OpenTelemetry protocol.</summary>
/// <param name="Endpoint">The collector.</param>
/// <param name="IsGrpc">Whether by gRPC; otherwise protobuf over HTTP/1.1, to the very URL.</param>
/// <param name="Interval">Time from one sending to the next.</param>
internal sealed record ExportSettings(Uri Endpoint, bool IsGrpc, TimeSpan Interval)
{
    /// <summary>Name of the protocol over gRPC.</summary>
    public const string Grpc = "grpc";

    /// <summary>Name of the protocol over HTTP/1.1.</summary>
    public const string Http = "http";
}
