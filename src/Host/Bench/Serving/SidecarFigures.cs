namespace Atlas.Host.Bench.Serving;

/// <summary>What a sidecar's calls take, client and server on one machine.</summary>
/// <param name="MedianMicroseconds">Round trip of a call with one sequence.</param>
/// <param name="P99Microseconds">The round trip that 1 % of such calls exceed.</param>
/// <param name="Batch64Microseconds">Median round trip of a call with 64 sequences.</param>
/// <param name="CallsPerSecond">Calls with one sequence that are answered a second, of 8 connections together.</param>
/// <param name="DraftTokensPerCall">Draft tokens in an answer of one sequence, on average.</param>
/// <param name="AllocatedBytesPerCall">Bytes that the process, client and server, allocates per call.</param>
internal sealed record SidecarFigures(
    double MedianMicroseconds, double P99Microseconds, double Batch64Microseconds, double CallsPerSecond, double DraftTokensPerCall,
    double AllocatedBytesPerCall);
